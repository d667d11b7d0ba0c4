import type { EpochRecord } from '../../core/training-record.js';
import { formatPercent } from '../format/percent.js';
import { formatDuration, type Progress, type Reporter } from '../reporter.js';
import { scoreOf } from './score.js';
import type { StepReport } from './trainer.js';

/** Shows a training run: a bar for the epoch under way, and one line for each epoch done. */
export function createTrainingReport(reporter: Reporter, epochs: number) {
  let progress: Progress | undefined;
  let startedMs = 0;
  let startCount = 0;
  return {
    onStep({ epoch, step, stepsPerEpoch, sums }: StepReport): void {
      const nowMs = performance.now();
      if (!progress) {
        progress = reporter.progress(`epoch ${epoch}/${epochs}`, stepsPerEpoch);
        [startedMs, startCount] = [nowMs, sums.count];
      }
      const { loss, accuracy } = scoreOf(sums);
      const perSecond = Math.round(((sums.count - startCount) * 1000) / Math.max(1, nowMs - startedMs));
      const speed = sums.count > startCount ? `, ${perSecond} images/s` : '';
      progress.update(step, `loss ${loss.toFixed(4)}, accuracy ${formatPercent(accuracy)}${speed}`);
    },
    onEpoch({ training, validation, test }: EpochRecord, isBest: boolean): void {
      const parts = Object.entries({ training, validation, test }).map(
        ([name, { loss, accuracy }]) => `${name} ${loss.toFixed(4)} ${formatPercent(accuracy)}`,
      );
      const duration = formatDuration(performance.now() - startedMs);
      progress?.end(`${parts.join(', ')}, ${duration}${isBest ? ' (best so far)' : ''}`);
      progress = undefined;
    },
    /** Ends the bar of an epoch that was not finished. */
    stop(detail: string): void {
      progress?.end(detail);
      progress = undefined;
    },
  };
}
