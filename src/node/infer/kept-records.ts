import { createReadStream } from 'node:fs';
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
 * The whole records of an output, up to the first that is damaged or was cut off.
 *
 * @param options.hasHead whether a CSV output starts with the names of its columns
 */
export async function* readKeptRecords(
  path: string,
  { format, hasHead }: { format: RecordFormat; hasHead: boolean },
): AsyncGenerator<KeptRecord> {
  let head = hasHead ? createFormatter(format).head : '';
  for await (const { text, end } of splitRecords(path, format)) {
    if (head !== '') {
      if (text !== head) return;
      head = '';
      continue;
    }
    const record = format === 'csv' ? parseCsvRecord(text) : parseJsonRecord(text);
    if (record === undefined) return;
    yield { ...record, end };
  }
}

/** Texts that end with a newline; in CSV one between quotes ends nothing. */
async function* splitRecords(
  path: string,
  format: RecordFormat,
): AsyncGenerator<{ text: string; end: number }> {
  let rest = Buffer.alloc(0);
  let position = 0;
  for await (const part of createReadStream(path)) {
    const bytes = rest.length === 0 ? (part as Buffer) : Buffer.concat([rest, part as Buffer]);
    let start = 0;
    let isQuoted = false;
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] === QUOTE && format === 'csv') isQuoted = !isQuoted;
      if (bytes[at] !== NEWLINE || isQuoted) continue;
      yield { text: bytes.toString('utf8', start, at + 1), end: position + at + 1 };
      start = at + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    position += start;
    if (rest.length > MAX_RECORD_BYTES) return;
  }
}

function parseCsvRecord(text: string): Omit<KeptRecord, 'end'> | undefined {
  const row = parseCsv(text)[0];
  if (row?.length !== CSV_COLUMNS.length || text.includes('\0')) return undefined;
  return toRecord(row[CSV_COLUMNS.indexOf('file')], row[CSV_COLUMNS.indexOf('status')]);
}

function parseJsonRecord(text: string): Omit<KeptRecord, 'end'> | undefined {
  try {
    const record: Partial<Record<string, unknown>> | null = JSON.parse(text);
    return toRecord(record?.file, record?.status);
  } catch {
    return undefined;
  }
}

function toRecord(file: unknown, status: unknown): Omit<KeptRecord, 'end'> | undefined {
  if (typeof file !== 'string' || typeof status !== 'string' || !STATUSES.has(status)) return undefined;
  return { file, status: status as Prediction['status'] };
}
