import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandNames, loadCommands } from '../src/cli/commands/index.js';
import { parseCommandLine } from '../src/cli/parse.js';
import { codeBlocks, commandLines, DOCUMENTS, readDocument } from './documents.js';
import { temporaryFolder } from './tiny-model.js';
import { typeErrors } from './type-errors.js';

const run = promisify(execFile);

/** `a "b c"` as a shell would hand it over. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare!,
  );
}

const OURS = commandLines('npx mnist-onnx ').map((line) => line.slice('npx mnist-onnx '.length));

/**
 * Run here: what needs neither data, TensorFlow nor a network, on files that the repository has. The other
 * commands run with small data in their own tests (test/*-cli.test.ts, test/package-install.test.ts); of them
 * the documents' command lines are parsed.
 */
function isRunHere(line: string): boolean {
  const [command, ...rest] = shellWords(line);
  const files = rest.filter((word) => /^(images|models)\//.test(word));
  return (
    ['infer', 'inspect'].includes(command!) && files.length > 0 && files.every((file) => existsSync(file))
  );
}

describe("the documents' command lines", () => {
  it('are found', () => {
    expect(OURS.length).toBeGreaterThan(10);
    expect(OURS.filter(isRunHere).length).toBeGreaterThan(1);
  });

  it.each(OURS)('mnist-onnx %s is understood', async (line) => {
    const commands = await loadCommands([]);
    const parsed = parseCommandLine(shellWords(line), { commands, version: '0' });
    expect(commandNames).toContain(parsed?.command.name);
  });

  it.each(OURS.filter(isRunHere))('mnist-onnx %s works', async (line) => {
    const cwd = await temporaryFolder();
    for (const name of ['images', 'models']) await symlink(resolve(name), join(cwd, name), 'junction');
    const main = resolve('bin/mnist-onnx.js');
    const { stdout } = await run(process.execPath, [main, ...shellWords(line)], { cwd });
    const shown = codeBlocks('console').find(({ code }) => code.includes(`$ npx mnist-onnx ${line}\n`));
    for (const row of shown?.code.split('\n').slice(1) ?? []) {
      // Notes go to stderr, and figures are the model's.
      if (/^[A-Z0-9]/.test(row)) expect(withoutFigures(stdout)).toContain(withoutFigures(row));
    }
  });

  it.each(commandLines('npm run '))('%s names a script that there is', async (line) => {
    const [, , script, , bench] = shellWords(line);
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(Object.keys(scripts)).toContain(script);
    if (script === 'bench' && /^[a-z-]+$/.test(bench ?? '')) {
      const isThere = existsSync(`bench/${bench}.mjs`) || existsSync(`bench/${bench}`);
      expect(isThere, `bench/${bench}`).toBe(true);
    }
  });

  it.each(commandLines('node '))('%s names a file that there is', (line) => {
    expect(existsSync(shellWords(line)[1]!)).toBe(true);
  });
});

function withoutFigures(text: string): string {
  return text
    .replace(/\d+(\.\d+)?%/g, '%')
    .replace(/ +/g, ' ')
    .trim();
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('links to files that there are', () => {
    const links = [...readDocument(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, link]) => link!,
    );
    const missing = links.filter((link) => !existsSync(join(dirname(document), link)));
    expect(missing).toEqual([]);
  });
});

it("the documents' TypeScript compiles against the package's own types", async () => {
  const blocks = codeBlocks('ts').filter(({ code }) => code.includes('import '));
  expect(blocks.length).toBeGreaterThan(2);
  const sources = blocks.map(({ code }) => {
    // What a reader has under that name already.
    const given =
      /\bmodel\b/.test(code) && !/const model\b|model: Param/.test(code)
        ? 'declare const model: import("@tensorflow/tfjs").LayersModel;\n'
        : '';
    return given + code;
  });
  expect(await typeErrors('.docs', sources)).toBe('');
});

it('every sentence of an error stands in the troubleshooting (npm run generate writes it)', async () => {
  const { stdout } = await run(process.execPath, ['scripts/generate-error-table.mjs', '--print']);
  expect(await readFile('docs/troubleshooting.md', 'utf8')).toBe(stdout);
  expect(stdout).toContain('the model has a layer');
  expect(stdout.split('\n').length).toBeGreaterThan(200);
});
