import type { Prediction } from '../../core/prediction.js';
import { createAtomicFile } from '../files.js';
import { nowMs } from '../now-ms.js';
import { createFormatter, type OutputFormat } from './output-format.js';

/** How many images came out how. */
export type StatusCounts = Record<Prediction['status'], number>;

/** Where formatted text goes. */
export interface TextSink {
  write(text: string): Promise<void>;
  /** All was written. */
  commit(): Promise<void>;
  /** Something failed: what can be taken back is. */
  discard(): Promise<void>;
}

/** No images. */
export function noCounts(): StatusCounts {
  return { ok: 0, blank: 0, unsure: 0, error: 0 };
}

/** Text is handed on in pieces of about this size, or when so much time has gone by: photos come slowly. */
const CHUNK_CHARS = 16_384;
const CHUNK_MS = 500;

/**
 * Writes predictions as they come and counts them.
 *
 * @param predictions some at a time
 * @throws UserError if the sink fails; whatever the predictions throw.
 */
export async function writePredictions(
  predictions: AsyncIterable<readonly Prediction[]>,
  options: {
    format: OutputFormat;
    sink: TextSink;
    /** Whether the format's head is written; true by default. */
    hasHead?: boolean;
    onPrediction?: (prediction: Prediction, done: number) => void;
  },
): Promise<StatusCounts> {
  const { format, sink, hasHead = true, onPrediction } = options;
  const formatter = createFormatter(format);
  const counts = noCounts();
  let done = 0;
  let text = hasHead ? formatter.head : '';
  let written = nowMs();
  try {
    for await (const some of predictions) {
      for (const prediction of some) {
        text += formatter.line(prediction, done++);
        counts[prediction.status]++;
        onPrediction?.(prediction, done);
      }
      if (text.length < CHUNK_CHARS && nowMs() - written < CHUNK_MS) continue;
      await sink.write(text);
      text = '';
      written = nowMs();
    }
    await sink.write(text + formatter.tail);
    await sink.commit();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  return counts;
}

/** A file that appears whole or not at all. */
export function fileSink(path: string): Promise<TextSink> {
  return createAtomicFile(path);
}

/**
 * A stream, at the pace at which it takes text.
 *
 * @param options.mayClose its reader may go away (`| head`) while there is other work to do
 */
export function streamSink(
  stream: NodeJS.WritableStream,
  { mayClose = false }: { mayClose?: boolean } = {},
): TextSink {
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          const isBad = error && !(mayClose && (error as NodeJS.ErrnoException).code === 'EPIPE');
          return isBad ? reject(error) : resolve();
        });
      }),
    commit: async () => {},
    discard: async () => {},
  };
}
