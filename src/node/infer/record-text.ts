import type { Prediction } from '../../core/prediction.js';
import { createFormatter, type OutputFormat } from './output-format.js';

/** How many images came out how. */
export type StatusCounts = Record<Prediction['status'], number>;

/** No images. */
export function noCounts(): StatusCounts {
  return { ok: 0, blank: 0, unsure: 0, error: 0 };
}

/** Some images' records as they are written, and what else is told of them. */
export interface RecordText {
  /** Lines of the format, with its separator between them. */
  readonly text: string;
  readonly counts: StatusCounts;
  /** The records of those that could not be read. */
  readonly failed: readonly Prediction[];
}

/** Makes the function that turns records into text of a format. */
export function recordWriter(format: OutputFormat): (predictions: readonly Prediction[]) => RecordText {
  const { line, separator } = createFormatter(format);
  return (predictions) => {
    const counts = noCounts();
    const failed: Prediction[] = [];
    let text = '';
    for (const prediction of predictions) {
      text += text === '' ? line(prediction) : separator + line(prediction);
      counts[prediction.status]++;
      if (prediction.status === 'error') failed.push(prediction);
    }
    return { text, counts, failed };
  };
}
