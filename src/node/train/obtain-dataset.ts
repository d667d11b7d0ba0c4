import { resolve } from 'node:path';
import type { Dataset, LabelledImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { loadDataset } from '../dataset/index.js';
import { loadImageFolder } from '../eval/image-folder.js';
import { sha256Of } from '../hash.js';
import type { Reporter } from '../reporter.js';
import type { Checkpoint, DatasetSource } from './checkpoint.js';

/** Where a run's data come from, as it was given. */
export interface DataChoice {
  /** `auto`, `mnist`, `synthetic` or a folder; by default the resumed run's, or `auto`. */
  readonly dataset?: string | undefined;
  readonly dataDir?: string | undefined;
  /** A folder of the user's own labelled images to mix in. */
  readonly images?: string | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

export interface ObtainedDataset {
  /** Its digest is of the user's own images too. */
  readonly dataset: Dataset;
  /** Of the data set without them. */
  readonly baseSha256: string;
  readonly source: DatasetSource;
  readonly ownImages: LabelledImages | undefined;
}

/**
 * Loads the data; a resumed run's own unless another place is given, and only if it is the same data. The
 * user's own images count for that too.
 */
export async function obtainDataset(
  { dataset: given, dataDir: givenDir, images: givenImages, reporter, signal }: DataChoice,
  from: Checkpoint | undefined,
): Promise<ObtainedDataset> {
  const wanted = given ?? from?.source.dataset ?? 'auto';
  const dataDir = givenDir === undefined ? from?.source.dataDir : resolve(givenDir);
  const images = givenImages === undefined ? from?.source.images : resolve(givenImages);
  const base = await loadDataset({ dataset: wanted, dataDir, reporter, signal });
  const { name: baseName, classes } = base;
  const own =
    images === undefined
      ? undefined
      : await loadImageFolder({ folder: images, classes, dataset: baseName, reporter, signal });
  const sha256 = own ? sha256Of(base.sha256, own.sha256) : base.sha256;
  const dataset = { ...base, sha256 };
  if (from && from.dataset.sha256 !== sha256) {
    const [before, now] = [from.dataset, dataset].map((d) => `${d.name} (sha256 ${d.sha256.slice(0, 8)})`);
    throw new UserError(`the run to resume was trained on ${before}, which is not this ${now}`, {
      hint: 'Give the same data with --dataset, --data-dir and --images, or start a new run without --resume.',
    });
  }
  const isFolder = !['auto', 'mnist', 'synthetic'].includes(wanted);
  // What `auto` came to stays, or a later download would change the data under the run.
  const name = isFolder ? resolve(wanted) : wanted === 'auto' ? base.name : wanted;
  const source = { dataset: name, dataDir, images };
  return { dataset, baseSha256: base.sha256, source, ownImages: own?.images };
}
