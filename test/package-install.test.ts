import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset, writeIdxFolder } from './tiny-dataset.js';

/**
 * The package as a user gets it: packed, installed into an empty folder, run. It takes a minute and some
 * 700 MB, so it waits for MNIST_ONNX_INSTALL=1; with scripts on, the installers of two dependencies may wait
 * long for hosts that are blocked.
 */
const run = promisify(execFile);
const options = { maxBuffer: 1e8, shell: process.platform === 'win32' };

const isWanted = Boolean(process.env.MNIST_ONNX_INSTALL) && (await canReachRegistry());
async function canReachRegistry(): Promise<boolean> {
  return run('npm', ['view', 'yargs', 'version', '--fetch-retries=0', '--fetch-timeout=10000'], options).then(
    () => true,
    () => false,
  );
}

describe.skipIf(!isWanted).each([
  ['off', ['--ignore-scripts']],
  ['on', ['--ignore-scripts=false', '--foreground-scripts=false']],
])(
  'installed with scripts %s (needs MNIST_ONNX_INSTALL=1 and a registry)',
  { timeout: 900_000 },
  (_, flags) => {
    let folder: string;
    const inFolder = (command: string, ...args: string[]) => run(command, args, { ...options, cwd: folder });
    const mnistOnnx = (...args: string[]) => inFolder('npx', '--no-install', 'mnist-onnx', ...args);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-package-'));
      const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
      const [{ filename }] = JSON.parse((await run('npm', pack, options)).stdout);
      await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      await inFolder('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...flags, filename);
      await writeIdxFolder(join(folder, 'data'), tinyDataset());
    }, 900_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('infer reads a picture with the model that comes with it', async () => {
      const { stdout } = await mnistOnnx('infer', resolve('images/digit-3.png'), '--json');
      expect(JSON.parse(stdout)[0]).toMatchObject({ text: '3', status: 'ok' });
    });

    it('setup, train, export and eval work one after the other', async () => {
      await mnistOnnx('setup', '--backend', 'wasm');
      const train = ['--dataset', 'data', '--epochs', '2', '--backend', 'wasm', '--val-split', '0.2'];
      await mnistOnnx('train', ...train);
      await mnistOnnx('export', 'mine.onnx', '--dataset', 'data');
      const { stdout } = await mnistOnnx('eval', 'mine.onnx', '--dataset', 'data');
      expect(stdout).toMatch(/accuracy +\d/);
    });

    it.skipIf(!existsSync('web-demo/dist/index.html'))('demo serves its page', async () => {
      const main = join(folder, 'node_modules/mnist-onnx/bin/mnist-onnx.js');
      const child = spawn(process.execPath, [main, 'demo', '--port', '0'], { cwd: folder });
      try {
        const url = await new Promise<string>((found, failed) => {
          child.stdout.on('data', (data) => found(String(data).trim()));
          child.on('close', (status) => failed(new Error(`the demo ended with ${status}`)));
        });
        expect(await (await fetch(url)).text()).toContain('<title>');
      } finally {
        child.kill();
      }
    });

    it.each([
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ])('its types are found by module %s, resolution %s', async (module, moduleResolution) => {
      await writeFile(join(folder, 'use.ts'), USE);
      const settings = { module, moduleResolution, target: 'es2022', lib: ['es2023', 'dom'], strict: true };
      const compilerOptions = { ...settings, noEmit: true, skipLibCheck: true, types: [] };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
      await run(resolve('node_modules/.bin/tsc'), ['-p', folder], options);
    });
  },
);

/** Each use would be an error if the types were `any` or missing. */
const USE = `
import { type InferOptions, openModel, runTraining, silentReporter } from 'mnist-onnx';
import { classify, type GrayImage, prepareDigits } from 'mnist-onnx/core';
import { type ConvertedModel, convertLayersModel } from 'mnist-onnx/convert';

const image: GrayImage = { width: 1, height: 1, data: new Uint8Array(1) };
export const digits: number = prepareDigits(image).length;
export const bytes = async (artifacts: object): Promise<Uint8Array> => {
  const model: ConvertedModel = await convertLayersModel(artifacts);
  // @ts-expect-error: the bytes are no number
  const wrong: number = model.bytes;
  return wrong ? model.bytes : model.bytes;
};
export const open = () => openModel({ reporter: silentReporter });
export type Used = [InferOptions, typeof classify, typeof runTraining];
`;
