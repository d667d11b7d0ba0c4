import type { Command } from './command.js';

/** What stands above and below the commands in the help. */
export const USAGE =
  'mnist-onnx <command>\n\nTrain on handwritten digits with TensorFlow.js, convert to ONNX, run with ONNX Runtime.';
export const EPILOGUE = 'Start with: npm run quickstart, or mnist-onnx train';

/** The width of the help, in letters. */
export function helpWidth(columns: number = 100): number {
  return Math.min(110, columns);
}

/**
 * The help of the program as a whole, in the form of yargs' own: loading and using yargs for it takes longer than
 * everything else.
 */
export function formatOverview(commands: readonly Command<unknown>[], columns?: number): string {
  const rows = commands.map(({ name, positionals, summary, aliases }) => ({
    head: `  mnist-onnx ${name}${positionals ? ` ${positionals}` : ''}`,
    text: aliases?.length ? `${summary} [aliases: ${aliases.join(', ')}]` : summary,
  }));
  const options = [
    { head: '      --version', text: 'Show version number' },
    { head: '  -h, --help', text: 'Show help' },
  ];
  const table = (list: typeof rows) => formatTable(list, helpWidth(columns));
  return `${USAGE}\n\nCommands:\n${table(rows)}\nOptions:\n${table(options)}\n${EPILOGUE}\n`;
}

function formatTable(rows: readonly { head: string; text: string }[], width: number): string {
  const indent = Math.max(...rows.map(({ head }) => head.length)) + 2;
  const lines = rows.flatMap(({ head, text }) =>
    wrap(text, Math.max(20, width - indent)).map(
      (line, i) => `${(i === 0 ? head : '').padEnd(indent)}${line}\n`,
    ),
  );
  return lines.join('');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
