import { createReadStream } from 'node:fs';
import { UserError } from '../../core/errors.js';
import type { Prediction } from '../../core/prediction.js';
import { parseCsv } from '../eval/parse-csv.js';
import { CSV_COLUMNS, createFormatter, type OutputFormat } from './output-format.js';

/** A record that an output holds whole. */
export interface KeptRecord {
  readonly file: string;
  readonly status: Prediction['status'];
  /** Where it ends, in bytes from the output's start. */
  readonly end: number;
}

/** Formats whose outputs are records one after the other, which can be cut and joined. */
export type RecordFormat = Extract<OutputFormat, 'csv' | 'ndjson'>;

const STATUSES: ReadonlySet<string> = new Set<Prediction['status']>(['ok', 'blank', 'unsure', 'error']);
/** No record is longer; a damaged file might seem to hold one without end. */
const MAX_RECORD_BYTES = 4e6;
const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * The whole records of an output; a last one that was cut off is passed over.
 *
 * @param options.hasHead whether a CSV output starts with the names of its columns
 * @throws UserError if anything else stands there: what follows it would be lost.
 */
export async function* readKeptRecords(
  path: string,
  { format, hasHead }: { format: RecordFormat; hasHead: boolean },
): AsyncGenerator<KeptRecord> {
  const parse = format === 'csv' ? parseCsvRecord : parseJsonRecord;
  let head = hasHead ? createFormatter(format).head : '';
  for await (const { text, line, end } of splitRecords(path, format)) {
    if (end === undefined) {
      // A quote too many hides the ends of all that follows.
      if (text.split(/(?<=\n)/).some((part) => parse(part))) throw damaged(path, line);
      return;
    }
    if (head !== '') {
      if (text !== head) throw damaged(path, line);
      head = '';
      continue;
    }
    const record = parse(text);
    if (record === undefined) throw damaged(path, line);
    yield { ...record, end };
  }
}

/** A text that ends with a newline, or the rest, which has no `end`. */
interface Piece {
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
  readonly end: number | undefined;
}

/** The texts that end with a newline (in CSV one between quotes ends nothing), then the rest. */
async function* splitRecords(path: string, format: RecordFormat): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  let position = 0;
  let line = 1;
  for await (const part of createReadStream(path)) {
    const bytes = rest.length === 0 ? (part as Buffer) : Buffer.concat([rest, part as Buffer]);
    let start = 0;
    let lines = 0;
    let isQuoted = false;
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] === QUOTE && format === 'csv') isQuoted = !isQuoted;
      if (bytes[at] !== NEWLINE) continue;
      lines++;
      if (isQuoted) continue;
      yield { text: bytes.toString('utf8', start, at + 1), line, end: position + at + 1 };
      start = at + 1;
      line += lines;
      lines = 0;
    }
    rest = Buffer.from(bytes.subarray(start));
    position += start;
    if (rest.length > MAX_RECORD_BYTES) throw damaged(path, line);
  }
  yield { text: rest.toString('utf8'), line, end: undefined };
}

function damaged(path: string, line: number): UserError {
  return new UserError(`cannot go on with ${path}: its line ${line} is not as infer writes it`, {
    hint: 'Mend that line, or cut the file off before it: then the images from there on are read again.',
  });
}

function parseCsvRecord(text: string): Omit<KeptRecord, 'end'> | undefined {
  const row = parseCsv(text)[0];
  if (row?.length !== CSV_COLUMNS.length || text.includes('\0') || !isLine(text)) return undefined;
  return toRecord(row[CSV_COLUMNS.indexOf('file')], row[CSV_COLUMNS.indexOf('status')]);
}

function parseJsonRecord(text: string): Omit<KeptRecord, 'end'> | undefined {
  if (!isLine(text)) return undefined;
  try {
    const record: Partial<Record<string, unknown>> | null = JSON.parse(text);
    return toRecord(record?.file, record?.status);
  } catch {
    return undefined;
  }
}

/** As they are written here; other programs end lines otherwise. */
function isLine(text: string): boolean {
  return text.endsWith('\n') && !text.endsWith('\r\n');
}

function toRecord(file: unknown, status: unknown): Omit<KeptRecord, 'end'> | undefined {
  if (typeof file !== 'string' || typeof status !== 'string' || !STATUSES.has(status)) return undefined;
  return { file, status: status as Prediction['status'] };
}
