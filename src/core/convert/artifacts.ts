import { UserError } from '../errors.js';
import { staysInside } from '../relative-path.js';

/** A saved layers model as tfjs hands it to a save handler (`tf.io.ModelArtifacts`). */
export interface ModelArtifacts {
  /** The layers, as in model.json. */
  readonly modelTopology?: unknown;
  /** A list of { name, shape, dtype, quantization? }, in the order of `weightData`; shapes are tfjs's (a kernel is [H, W, in, out]). */
  readonly weightSpecs?: unknown;
  /** All weights one after the other, row-major, little endian; in several pieces as if they were one. */
  readonly weightData?: ArrayBuffer | readonly ArrayBuffer[] | Uint8Array | undefined;
  /** `layers-model`; a `graph-model` is refused. */
  readonly format?: string | undefined;
  readonly generatedBy?: string | undefined;
  readonly convertedBy?: string | null | undefined;
  readonly userDefinedMetadata?: object | undefined;
}

/** The part of a live `tf.LayersModel` that is needed: it can save itself into a handler. */
export interface SavableModel {
  save(handler: {
    // biome-ignore lint/suspicious/noExplicitAny: tfjs's own result type, which only tfjs reads
    save(artifacts: any): Promise<any>;
  }): Promise<unknown>;
}

/** The artifacts of a live model; its tensors stay its own. */
export async function saveToArtifacts(model: SavableModel): Promise<ModelArtifacts> {
  let saved: ModelArtifacts | undefined;
  await model.save({
    async save(artifacts: ModelArtifacts) {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  if (!saved) throw new UserError('the model did not save itself');
  return saved;
}

/**
 * The artifacts that a parsed model.json and the bytes of its weight files make.
 *
 * @param modelJson the parsed JSON.
 * @param weightData all files of `weightsManifest`, in its order, one after the other.
 * @throws UserError if it is no tfjs layers model.
 */
export function artifactsFromJson(modelJson: unknown, weightData: Uint8Array): ModelArtifacts {
  const json = modelJson as (ModelArtifacts & { weightsManifest?: unknown }) | null;
  if (typeof json !== 'object' || json === null || json.modelTopology === undefined) {
    throw new UserError('this JSON is no tfjs model: it has no modelTopology', {
      hint: 'Name the model.json that model.save(...) wrote.',
    });
  }
  return { ...json, weightSpecs: manifestGroups(json).flatMap((group) => group.weights), weightData };
}

/**
 * The weight files that a parsed model.json names, in order, relative to its folder.
 *
 * @throws UserError if the list is damaged, or one of them is outside that folder: a model from elsewhere
 *   shall not choose which files are read.
 */
export function weightPaths(modelJson: unknown): string[] {
  const paths = manifestGroups(modelJson).flatMap((group) => group.paths);
  const outside = paths.find((path) => !staysInside(path));
  if (outside === undefined) return paths;
  throw new UserError(`the model.json names a weight file outside its folder: ${outside}`, {
    hint: 'Put the weights beside model.json, and name them there without "..".',
  });
}

function manifestGroups(modelJson: unknown): { paths: string[]; weights: unknown[] }[] {
  const groups = (modelJson as { weightsManifest?: unknown } | null)?.weightsManifest;
  if (!Array.isArray(groups)) return [];
  for (const group of groups) {
    const isPath = (path: unknown) => typeof path === 'string' && path !== '';
    if (!Array.isArray(group?.paths) || !group.paths.every(isPath) || !Array.isArray(group.weights)) {
      throw new UserError("the model.json's weightsManifest is damaged", { hint: 'Save the model again.' });
    }
  }
  return groups;
}

/** The weights' bytes in one piece. */
export function weightBytes({ weightData }: ModelArtifacts): Uint8Array {
  if (weightData === undefined) return new Uint8Array(0);
  if (weightData instanceof Uint8Array) return weightData;
  const parts = Array.isArray(weightData) ? (weightData as ArrayBuffer[]) : [weightData as ArrayBuffer];
  if (parts.length === 1) return new Uint8Array(parts[0]!);
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return whole;
}
