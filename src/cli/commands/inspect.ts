import { defineCommand } from '../command.js';
import { outputOptions } from '../options.js';

const TABLE_NODES = 200;

export const inspectCommand = defineCommand({
  name: 'inspect',
  positionals: '<file>',
  summary:
    'Describe any ONNX file: its nodes, shapes and sizes, and what would not load or run well in some runtime',
  options: (yargs) =>
    yargs.positional('file', { type: 'string', demandOption: true, describe: 'the ONNX file' }).options({
      all: { type: 'boolean', default: false, describe: `every node, not the first ${TABLE_NODES} only` },
      ...outputOptions,
    }),
  async run(options, io) {
    const { formatInspection } = await import('../../node/inspect/format-inspection.js');
    const { inspectFile } = await import('../../node/inspect/inspect-file.js');
    const { printableJson } = await import('../../node/inspect/printable-json.js');
    const inspection = await inspectFile(options.file);
    const maxNodes = options.all ? Number.POSITIVE_INFINITY : TABLE_NODES;
    io.stdout.write(
      options.json
        ? `${printableJson(inspection)}\n`
        : formatInspection(options.file, inspection, { maxNodes }),
    );
  },
});
