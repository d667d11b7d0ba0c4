import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCommands } from './commands/index.js';
import { STANDARD_STREAM } from './options.js';
import { parseCommandLine } from './parse.js';

const parse = async (...argv: string[]) =>
  parseCommandLine(argv, { commands: await loadCommands([]), version: '1.2.3' });
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('a command line', () => {
  it('gives its command with all options, defaults among them', async () => {
    const parsed = await parse('infer', 'a.png', '-', '--top-k', '5', '--save_inputs=seen');
    expect(parsed?.command.name).toBe('infer');

    expect(parsed?.options).toMatchObject({ 'top-k': 5, saveInputs: 'seen', segment: 'auto', json: false });
  });

  it('has no options after --, only names', async () => {
    const parsed = await parse('infer', 'a.png', '--top-k', '5', '--', '-x.png', '--top-k', 'b.png', '-');
    expect(parsed?.options).toMatchObject({
      images: ['a.png', '-x.png', '--top-k', 'b.png', STANDARD_STREAM],
      topK: 5,
    });
    expect((await parse('inspect', '--', '-x.onnx'))?.options).toMatchObject({ file: '-x.onnx' });
  });

  it.each([[['--output', '-']], [['--output=-']], [['-o', '-']]])(
    'knows standard output as %j',
    async (given) => {
      expect((await parse('infer', 'a', ...given))?.options).toMatchObject({ output: STANDARD_STREAM });
    },
  );

  it('knows aliases of commands and options', async () => {
    expect((await parse('predict', 'a.png', '-o', 'x'))?.options).toMatchObject({ output: 'x' });
    expect((await parse('train', '--batch', '7'))?.options).toMatchObject({ batchSize: 7 });
    for (const name of ['val', 'evaluate', 'test']) expect((await parse(name))?.command.name).toBe('eval');
    expect((await parse('convert'))?.command.name).toBe('export');
  });

  it.each([['--help'], ['infer', '--help'], ['--version']])(
    'that asks for %s %s is no command',
    async (...argv) => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => {});
      expect(await parse(...argv)).toBeUndefined();
      expect(log).toHaveBeenCalled();
    },
  );

  it('is answered in English, as everything else is, wherever the user is', async () => {
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await parse('infer', '--help');
    expect(log.mock.lastCall?.[0]).toContain('\nOptions:\n');
    await expect(parse('train', '--epoch=3')).rejects.toThrow('unknown option: --epoch');
  });

  it.each([
    [['trian'], 'unknown command: trian', 'Did you mean train?'],
    [['zzz'], 'unknown command: zzz', 'See mnist-onnx --help.'],
    [['train', 'extra'], 'unknown argument: extra', 'See mnist-onnx train --help.'],
    [['train', '--epoch=3'], 'unknown option: --epoch', 'Did you mean --epochs?'],
    [['train', '--zzzzzzz'], 'unknown option: --zzzzzzz', 'See mnist-onnx train --help.'],
    [['train', '--epochs'], '--epochs needs a value', 'See mnist-onnx train --help.'],
    [
      ['infer', 'a', '--model', 'b', '--model', 'c'],
      '--model is given more than once',
      'See mnist-onnx infer --help.',
    ],
    [['train', '--model-dir=b', '--model-dir=c'], '--model-dir is given more than once', undefined],
    [['train', '--epochs', '1.5'], '--epochs must be a whole number from 1 to 10000', undefined],
    [['train', '--seed', '-1'], '--seed must be a whole number of at least 0', undefined],
    [['train', '--lr', '0.1', '--lr', '0.2'], '--lr is given more than once', 'See mnist-onnx train --help.'],
    [['benchmark', '--threads', '0'], 'each of --threads must be a whole number from 1 to 1024', undefined],
    [
      ['infer', 'x', '--segment', 'some'],
      '--segment is one of auto, single, multi, not some',
      'See mnist-onnx infer --help.',
    ],
    [['inspect'], 'an argument is missing', 'See mnist-onnx inspect --help.'],
    [['-v'], 'unknown option: -v', 'See mnist-onnx --help.'],
    [['--verbos', 'train'], 'unknown option: --verbos', 'See mnist-onnx train --help.'],
    [['train', '--no-data-dir'], 'unknown option: --no-data-dir', 'Leave --data-dir out instead.'],
    [['infer', 'a.png', '--conf'], '--conf needs a value', 'See mnist-onnx infer --help.'],
    [['infer', 'a.png', '-o'], '-o needs a value', 'See mnist-onnx infer --help.'],
    [
      ['infer', 'a.png', '--format', 'xml'],
      '--format is one of table, json, ndjson, csv, not xml',
      'See mnist-onnx infer --help.',
    ],
  ])('%j is wrong usage in one sentence', async (argv, message, hint) => {
    await expect(parse(...argv)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      ...(hint ? { hint } : {}),
    });
  });
});
