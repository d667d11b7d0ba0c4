import type { EpochRecord } from '../../core/training-record.js';
import type { TrainConfig } from './config.js';

/** The epoch with the highest validation accuracy, among equals with the lowest loss, then the first. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  let best = history[0];
  for (const record of history) {
    const [now, before] = [record.validation, best!.validation];
    if (now.accuracy > before.accuracy || (now.accuracy === before.accuracy && now.loss < before.loss))
      best = record;
  }
  return best;
}

/** Are all epochs done, or has validation brought nothing better for `patience` of them? */
export function isFinished(
  history: readonly EpochRecord[],
  { epochs, patience }: Pick<TrainConfig, 'epochs' | 'patience'>,
): boolean {
  if (history.length >= epochs) return true;
  const best = bestEpoch(history);
  return patience > 0 && best !== undefined && history.length - best.epoch >= patience;
}
