import { UserError } from '../errors.js';
import { type InputNode, type KerasModel, parseTopology } from '../keras/topology.js';
import { decodeWeights } from '../keras/weights.js';
import { GraphBuilder } from '../onnx/builder.js';
import { removeUnused } from '../onnx/remove-unused.js';
import { DATA_TYPE, type Dim, type ElementType, type Graph, int } from '../onnx/types.js';
import { DEFAULT_OPSET } from '../onnx/versions.js';
import { writeOnnx } from '../onnx/write.js';
import { type ModelArtifacts, weightBytes } from './artifacts.js';
import { checkOptions } from './check-options.js';
import { LayerContext } from './context.js';
import { isImageInput } from './input-layout.js';
import { optimize } from './optimize/optimize.js';
import { nameOutputs, type OutputKind } from './outputs.js';
import { UnsupportedLayersError } from './problems.js';
import { type BoundTensor, graphShape, type Layout, type Value } from './value.js';
import { convertCalls, findProblems, type LayerTrace } from './walk.js';
import { WeightIndex } from './weight-index.js';

/** How a model is converted; every option may be left out. */
export interface ConvertOptions {
  /** 18 to 26; 21 by default. */
  readonly opset?: number | undefined;
  /** Pins the batch size, 1 or more; by default it is the dimension `N` that a run decides. */
  readonly batch?: number | undefined;
  /** How images enter and leave the graph: `nchw` (default, no Transpose) or `nhwc`, as in tfjs. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** `uint8` takes the pixels 0 to 255 and divides them by 255 in the graph; for models of one float input. */
  readonly input?: 'float32' | 'uint8' | undefined;
  /** Which outputs a classifier gets; `auto` (default) keeps those of the model where it is none. */
  readonly output?: OutputKind | undefined;
  /** Says that the model classifies, also where it ends without a softmax. */
  readonly isClassifier?: boolean | undefined;
  /** Folds BatchNormalization and constants, and computes nothing that is never read; true by default. */
  readonly optimize?: boolean | undefined;
  /** Written as `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Written as the file's `producer_version`; empty by default. */
  readonly producerVersion?: string | undefined;
}

/** A converted model: the file, and what it was made of. */
export interface ConvertedModel {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** What `bytes` holds, as data. */
  readonly graph: Graph;
  /** In the order of the tfjs model's; an image is [N, C, H, W], with `layout: 'nhwc'` [N, H, W, C]. */
  readonly inputs: readonly BoundTensor[];
  /** A classifier's are `logits` and `probabilities`, each [N, classes]; others are in the order of the tfjs model's. */
  readonly outputs: readonly BoundTensor[];
  /** Whether a softmax makes the model's one output; `outputs` may leave it away. */
  readonly endsInSoftmax: boolean;
  /** What each layer call became, as values of `unoptimized`, in the order of the nodes. */
  readonly trace: readonly LayerTrace[];
  /** The graph before the optimizations: there each layer call still has its own values. */
  readonly unoptimized: Graph;
  /** Writes a graph made from this one (of other precision, say) with the same opset and metadata. */
  write(graph: Graph): Uint8Array;
}

/**
 * Converts a saved layers model to ONNX. The same artifacts and options give the same bytes.
 *
 * @throws UserError if the model is damaged or an option does not fit it.
 * @throws UnsupportedLayersError naming every layer that cannot be converted.
 */
export function convertArtifacts(artifacts: ModelArtifacts, options: ConvertOptions = {}): ConvertedModel {
  const opset = options.opset ?? DEFAULT_OPSET;
  checkOptions({ ...options, opset });
  if (artifacts.format === 'graph-model') {
    throw new UserError('this is a TensorFlow.js graph model, which has no layers any more', {
      hint: 'Convert the layers model that it was made from (format "layers-model" in model.json).',
    });
  }
  const model = parseTopology(artifacts.modelTopology);
  const problems = findProblems(model);
  const weights = new WeightIndex(decodeWeights(artifacts.weightSpecs ?? [], weightBytes(artifacts)));
  const graph = new GraphBuilder();
  const trace: LayerTrace[] = [];

  const inputs = addInputs(model, graph, options, opset);
  const state = { graph, opset, weights, problems, trace, maskSource: undefined, isNested: false };
  const values = convertCalls(
    model,
    inputs.map((input) => input.value),
    '',
    state,
  );
  if (problems.length > 0) throw new UnsupportedLayersError(problems);

  const named = nameOutputs(graph, model, values as Value[], {
    kind: options.output ?? 'auto',
    isClassifier: options.isClassifier ?? false,
    layout: options.layout ?? 'nchw',
    opset,
  });
  const unoptimized = removeUnused(named.graph);
  const result = options.optimize === false ? unoptimized : optimize(unoptimized);
  const { producerVersion = '', metadata = {} } = options;
  const write = (written: Graph) => writeOnnx(written, { opset, producerVersion, metadata });
  return {
    bytes: write(result),
    write,
    graph: result,
    inputs: inputs.map((input) => input.bound),
    outputs: named.outputs,
    endsInSoftmax: named.endsInSoftmax,
    trace: trace.map((call) => ({ ...call, values: call.values.map(named.rename) })),
    unoptimized,
  };
}

/** Makes the graph's inputs: a single one is named `input`, several after their layers. */
function addInputs(model: KerasModel, graph: GraphBuilder, options: ConvertOptions, opset: number) {
  if (options.input === 'uint8' && model.inputs.length !== 1) {
    throw new UserError('only a model with one input can take uint8 pixels', { exitCode: 2 });
  }
  return model.inputs.map((ref, index) => {
    const layer = model.layers.find((candidate) => candidate.name === ref.layer);
    if (layer?.kind !== 'input')
      throw new UserError(`the model topology's input ${ref.layer} is no InputLayer`);
    if (options.input === 'uint8' && layer.dtype !== 'float32') {
      throw new UserError(`the model's input ${layer.name} takes ${layer.dtype}, not pixels`, {
        exitCode: 2,
      });
    }
    const name = model.inputs.length === 1 ? 'input' : layer.name;
    const shape = dimensions(layer, name, options.batch);
    const isImage = (shape.length === 4 || shape.length === 5) && isImageInput(model, ref);
    const layout: Layout = isImage && options.layout !== 'nhwc' ? 'NCHW' : 'plain';
    const type = options.input === 'uint8' ? 'uint8' : elementType(layer);
    const type_ = { type, shape: graphShape(shape, layout) };
    const bound: BoundTensor = {
      name: graph.input(name, type_),
      ...type_,
      layout,
      index,
      isOwn: true,
      role: 'value',
    };
    return { bound, value: type === 'uint8' ? scaled(graph, bound, opset) : bound };
  });
}

/** Pixels 0 to 255 as the numbers 0 to 1. */
function scaled(graph: GraphBuilder, input: Value, opset: number): Value {
  const context = new LayerContext(graph, 'scale', opset, () => undefined);
  const cast = context.op(
    'Cast',
    [input],
    { shape: input.shape, type: 'float32' },
    { to: int(DATA_TYPE.float32) },
  );
  return context.op('Mul', [cast, context.scalar('factor', 1 / 255)], { shape: input.shape });
}

function dimensions(layer: InputNode, name: string, batch: number | undefined): Dim[] {
  return layer.shape.map((dim, axis) => {
    if (axis === 0) return batch ?? dim ?? 'N';
    return dim ?? `${name}_dim${axis}`;
  });
}

function elementType(layer: InputNode): ElementType {
  if (layer.dtype === 'float32' || layer.dtype === 'int32' || layer.dtype === 'bool') return layer.dtype;
  throw new UserError(
    `the model's input ${layer.name} has the type ${layer.dtype}, which cannot be converted`,
  );
}
