import type { Dataset } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import type { TrainingRecord } from '../../core/training-record.js';
import type { TrainConfig } from './config.js';
import { validationCount } from './data.js';

/**
 * The configuration of a run that goes on from a model of the same data: it validates with images that this
 * model kept back too. Those that it was trained on would find every epoch good and every answer certain.
 *
 * @param given what the user gave; the rest of the split is the initial model's
 * @param initial how the initial model was trained, where that is known
 * @throws UserError if the user wants more images for validation than the initial model kept back.
 */
export function keepSplit(
  config: TrainConfig,
  given: { readonly valSplit?: number | undefined; readonly limit?: number | undefined },
  { initial, dataset }: { initial: TrainingRecord | undefined; dataset: Pick<Dataset, 'sha256' | 'train'> },
): TrainConfig {
  const before = initial && splitOf(initial);
  if (before?.sha256 !== dataset.sha256) return config;
  const { seed: splitSeed, valSplit, limit } = before;
  const kept = {
    ...config,
    ...(splitSeed === config.seed ? {} : { splitSeed }),
    valSplit: given.valSplit ?? valSplit,
    limit: given.limit ?? limit,
  };
  // Both begin with the first images of the same order.
  const most = validationCount(dataset.train.count, before);
  const wanted = validationCount(dataset.train.count, kept);
  if (wanted <= most) return kept;
  throw new UserError(
    `${wanted} images for validation are more than the ${most} that the model of --init kept back: it was trained on the others`,
    { hint: 'Leave --val-split and --limit away, or make them smaller.', exitCode: 2 },
  );
}

/** How a model's images were split: of which data set, and by what; undefined where the record does not say. */
function splitOf({ dataset, config }: TrainingRecord) {
  const { seed, splitSeed = seed, valSplit, limit } = config;
  if (typeof splitSeed !== 'number' || typeof valSplit !== 'number' || typeof limit !== 'number') return;
  return { sha256: dataset.baseSha256 ?? dataset.sha256, seed: splitSeed, valSplit, limit };
}
