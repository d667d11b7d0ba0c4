import { guessedText, type Prediction } from '../../core/prediction.js';
import { printable } from '../../core/printable.js';

/** How predictions are printed. */
export type OutputFormat = 'table' | 'json' | 'ndjson' | 'csv';

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['table', 'json', 'ndjson', 'csv'];

/** Turns predictions into text one by one, so that a list of any length can be written as it comes. */
export interface PredictionFormatter {
  readonly head: string;
  line(prediction: Prediction): string;
  /** What stands between two lines. */
  readonly separator: string;
  readonly tail: string;
}

/** The formatter of a format. Every line but JSON's ends with a newline. */
export function createFormatter(format: OutputFormat): PredictionFormatter {
  switch (format) {
    case 'json':
      return {
        head: '[',
        line: (prediction) => `\n  ${JSON.stringify(prediction)}`,
        separator: ',',
        tail: '\n]\n',
      };
    case 'ndjson':
      return { head: '', line: (prediction) => `${JSON.stringify(prediction)}\n`, separator: '', tail: '' };
    case 'csv':
      return { head: `${CSV_COLUMNS.join(',')}\n`, line: csvLine, separator: '', tail: '' };
    case 'table':
      return {
        head: tableRow('TEXT', 'STATUS', 'PROBABILITY', 'FILE'),
        line: tableLine,
        separator: '',
        tail: '',
      };
  }
}

/** The columns of CSV outputs. */
export const CSV_COLUMNS: readonly string[] = [
  'file',
  'text',
  'status',
  'probability',
  'boxes',
  'top_k',
  'error',
];

/** Digits of one image are parted by spaces in `boxes` (x:y:width:height) and by semicolons in `top_k`. */
function csvLine({ file, text, status, digits, error }: Prediction): string {
  const probability = lowestProbability(digits)?.toString() ?? '';
  let boxes = '';
  let topK = '';
  for (const digit of digits) {
    const { x, y, width, height } = digit.box;
    boxes += `${boxes && ' '}${x}:${y}:${width}:${height}`;
    let separator = topK && ';';
    for (const candidate of digit.topK) {
      topK += `${separator}${candidate.digit}:${candidate.probability}`;
      separator = ' ';
    }
  }
  return `${csvField(file)},${csvField(text)},${status},${probability},${boxes},${csvField(topK)},${csvField(error ?? '')}\n`;
}

/** RFC 4180. */
function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One line an image: the lines of its text are parted by slashes. */
function tableLine(prediction: Prediction): string {
  const { file, text, status, digits, error } = prediction;
  const probability = lowestProbability(digits);
  const reading = status === 'unsure' ? `${text} (${guessedText(prediction)})` : text;
  return tableRow(
    reading.replaceAll('\n', ' / '),
    status,
    probability === undefined ? '' : `${(100 * probability).toFixed(1)}%`,
    error === null ? file : `${file}: ${error}`,
  );
}

/** Two lines of a few digits, and the guess of an unsure reading, take no more. */
const TEXT_WIDTH = 16;

// The name comes last: its length is not known beforehand, and nothing has to line up behind it.
function tableRow(text: string, status: string, probability: string, file: string): string {
  return `${printable(text).padEnd(TEXT_WIDTH)}  ${status.padEnd(6)}  ${probability.padStart(11)}  ${printable(file)}\n`;
}

function lowestProbability(digits: Prediction['digits']): number | undefined {
  let lowest: number | undefined;
  for (const { probability } of digits)
    if (lowest === undefined || probability < lowest) lowest = probability;
  return lowest;
}
