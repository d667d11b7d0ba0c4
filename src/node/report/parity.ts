import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classify } from '../../core/classify.js';
import { sliceImages } from '../../core/dataset/dataset.js';
import { compareScores } from '../../core/parity/compare.js';
import type { EvaluationRun } from '../eval/evaluate.js';
import type { Verification } from '../export/verify.js';
import type { Reporter } from '../reporter.js';
import { createWebSession, type OpenModel } from '../runtime/index.js';

/** One implementation of the model against another, on the same images. */
export interface ParityRow {
  readonly first: string;
  readonly second: string;
  readonly images: string;
  readonly output: string;
  readonly maxDifference: number;
  readonly sameClass: string;
}

const IMAGES = 500;

/**
 * The model in the browser's runtime against the one that was measured, and against tfjs, as `export` left it
 * in `parity.json` beside the results.
 */
export async function measureParity(
  model: OpenModel,
  run: EvaluationRun,
  { resultsDir, reporter }: { resultsDir: string; reporter: Reporter },
): Promise<ParityRow[]> {
  return [...(await tfjsParity(resultsDir, model.sha256)), ...(await webParity(model, run, reporter))];
}

async function webParity(model: OpenModel, run: EvaluationRun, reporter: Reporter): Promise<ParityRow[]> {
  const images = sliceImages(run.testSet.images, 0, IMAGES);
  const classCount = model.info.classes.length;
  try {
    const session = await createWebSession(model.bytes);
    const { probabilities } = await classify(session, model.info, images.pixels);
    await session.release();
    const { notFinite, maxDifference, sameLabels } = compareScores(
      run.probabilities,
      probabilities,
      classCount,
    );
    return [
      {
        first: `${model.session.runtime} on ${model.session.device.toUpperCase()}`,
        second: `${session.runtime} (WebAssembly, as in browsers)`,
        images: `the first ${images.count} of ${run.testSet.name}`,
        output: 'probabilities',
        maxDifference: notFinite > 0 ? Number.POSITIVE_INFINITY : maxDifference,
        sameClass: `${sameLabels.count} of ${sameLabels.of}`,
      },
    ];
  } catch (error) {
    reporter.warn(`not compared with onnxruntime-web: ${(error as Error).message}`);
    return [];
  }
}

/** Of `{ sha256, verification }`; none where the file is missing, damaged, or another model's. */
async function tfjsParity(resultsDir: string, sha256: string): Promise<ParityRow[]> {
  try {
    const file = JSON.parse(await readFile(join(resultsDir, 'parity.json'), 'utf8'));
    if (file.sha256 !== sha256) return [];
    const { reference, runtime, samples, outputs, sameLabels }: Verification = file.verification;
    return outputs.map(({ name, maxDifference }) => ({
      first: String(reference),
      second: String(runtime),
      images: String(samples.description),
      output: String(name),
      maxDifference: Number(maxDifference),
      sameClass: sameLabels ? `${Number(sameLabels.count)} of ${Number(sameLabels.of)}` : '',
    }));
  } catch {
    return [];
  }
}
