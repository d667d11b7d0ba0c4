import { nowMs } from '../now-ms.js';
import { createFormatter, type OutputFormat } from './output-format.js';
import { noCounts, type RecordText, type StatusCounts } from './record-text.js';

/** Where formatted text goes. */
export interface TextSink {
  write(text: string): Promise<void>;
  /** All was written. */
  commit(): Promise<void>;
  /** Something failed: what can be taken back is, or else kept, with the whole records that were still to be written. */
  discard(rest?: string): Promise<void>;
}

/** Text is handed on in pieces of about this size, or when so much time has gone by: photos come slowly. */
const CHUNK_CHARS = 65_536;
const CHUNK_MS = 500;

/**
 * Writes records as they come and counts them.
 *
 * @param records in their order, some at a time
 * @throws UserError if the sink fails; whatever the records throw.
 */
export async function writeRecords(
  records: AsyncIterable<RecordText>,
  options: {
    format: OutputFormat;
    sink: TextSink;
    /** Whether the format's head is written; true by default. */
    hasHead?: boolean;
    /** Is told what has come, and of how many images there are records now. */
    onRecords?: (some: RecordText, done: number) => void;
  },
): Promise<StatusCounts> {
  const { format, sink, hasHead = true, onRecords } = options;
  const { head, separator, tail } = createFormatter(format);
  const counts = noCounts();
  let done = 0;
  let text = hasHead ? head : '';
  let written = nowMs();
  try {
    for await (const some of records) {
      text += done === 0 ? some.text : separator + some.text;
      for (const status of Object.keys(counts) as (keyof StatusCounts)[]) {
        counts[status] += some.counts[status];
        done += some.counts[status];
      }
      onRecords?.(some, done);
      if (text.length < CHUNK_CHARS && nowMs() - written < CHUNK_MS) continue;
      const piece = text;
      text = '';
      await sink.write(piece);
      written = nowMs();
    }
    await sink.write(text + tail);
    await sink.commit();
  } catch (error) {
    await sink.discard(text);
    throw error;
  }
  return counts;
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
