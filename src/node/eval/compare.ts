import { UserError } from '../../core/errors.js';
import { type McNemar, mcnemarTest } from '../../core/statistics.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import { predictedClasses } from './choose-images.js';
import { type Evaluation, runEvaluation } from './evaluate.js';
import type { TestSet } from './test-set.js';

/** Models on the same images, and whether they differ by more than chance. */
export interface Comparison {
  readonly dataset: Evaluation['dataset'];
  readonly count: number;
  readonly models: readonly Pick<
    Evaluation,
    'model' | 'runtime' | 'correct' | 'accuracy' | 'accuracyInterval' | 'loss' | 'ece' | 'timing'
  >[];
  /** Of every pair, by their places in `models`. */
  readonly pairs: readonly (McNemar & {
    readonly first: number;
    readonly second: number;
    /** Images on which both find the same class. */
    readonly sameClass: number;
  })[];
}

/**
 * Measures models on the same images and tests each pair by McNemar's test.
 *
 * @throws UserError if they do not know the same classes, or as `evaluate`.
 */
export async function compareModels(options: {
  models: readonly OpenModel[];
  testSet: TestSet;
  reporter: Reporter;
  signal?: AbortSignal | undefined;
}): Promise<Comparison> {
  const { models, testSet, reporter, signal } = options;
  checkClasses(models);
  const runs: { evaluation: Evaluation; predicted: number[] }[] = [];
  for (const model of models) {
    const run = await runEvaluation({ model, testSet, reporter, signal });
    runs.push({ evaluation: run.evaluation, predicted: predictedClasses(run) });
  }
  const { labels } = testSet.images;
  const pairs = runs.flatMap((a, first) =>
    runs.slice(first + 1).map((b, i) => ({
      first,
      second: first + 1 + i,
      sameClass: a.predicted.filter((k, image) => k === b.predicted[image]).length,
      ...mcnemarTest(
        a.predicted.map((k, image) => k === labels[image]),
        b.predicted.map((k, image) => k === labels[image]),
      ),
    })),
  );
  const { dataset, count } = runs[0]!.evaluation;
  return {
    dataset,
    count,
    models: runs.map(({ evaluation: e }) => ({
      model: e.model,
      runtime: e.runtime,
      correct: e.correct,
      accuracy: e.accuracy,
      accuracyInterval: e.accuracyInterval,
      loss: e.loss,
      ece: e.ece,
      timing: e.timing,
    })),
    pairs,
  };
}

function checkClasses([first, ...others]: readonly OpenModel[]): void {
  for (const { path, info } of others) {
    if (info.classes.join('\n') === first!.info.classes.join('\n')) continue;
    throw new UserError(`${path} and ${first!.path} do not know the same classes`, {
      hint: 'Compare models that were trained on the same labels.',
    });
  }
}
