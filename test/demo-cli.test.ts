import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import type { DemoManifest, ParityReference } from '../src/core/demo-manifest.js';
import { writeDemoPage } from './demo-page.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

const root = join(import.meta.dirname, '..');
const program = join(root, 'bin/mnist-onnx.js');

/** A folder to work in, with a page as an installed package has it: without models, without WebAssembly. */
async function workplace(options: Parameters<typeof writeDemoPage>[1] = {}) {
  const folder = await temporaryFolder();
  const { runtimeVersion: version } = await writeDemoPage(join(folder, 'page'), options);
  const args = (given: string[]) => [program, 'demo', '--page', join(folder, 'page'), ...given];
  return {
    folder,
    version,
    /** Runs a command that ends by itself. */
    fail: (...given: string[]) =>
      spawnSync(process.execPath, args(given), { cwd: folder, encoding: 'utf8', timeout: 60_000 }),
    /** Starts the server, and waits for its address. */
    start: async (...given: string[]) => {
      const child = spawn(process.execPath, args(['--port', '0', ...given]), { cwd: folder });
      onTestFinished(() => void child.kill('SIGKILL'));
      let stderr = '';
      child.stderr.on('data', (part) => {
        stderr += part;
      });
      const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
      const end = async (signal: NodeJS.Signals) => {
        const exited = once(child, 'exit');
        child.kill(signal);
        return { status: (await exited)[0], stderr };
      };
      return { url, end };
    },
  };
}

it('serves the page, the models and the WebAssembly of an installed package, and Ctrl-C ends it cleanly', async () => {
  const { start, version } = await workplace();
  const { url, end } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(await (await fetch(url)).text()).toContain('the page');
  const model = await readFile(join(root, 'models/pretrained/mnist_cnn.onnx'));
  const served = await fetch(`${url}models/mnist_cnn.onnx?v=1`);
  expect(Buffer.from(await served.arrayBuffer()).equals(model)).toBe(true);
  const wasm = await fetch(`${url}onnxruntime-web-${version}/ort-wasm-simd-threaded.wasm`);
  expect([wasm.status, wasm.headers.get('content-type')]).toEqual([200, 'application/wasm']);
  await wasm.body!.cancel();
  // A connection that is still open must not hold it.
  expect(await end('SIGINT')).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^model: .*mnist_\w+\.onnx\nCtrl-C ends it\n$/),
  });
});

it("starts with the user's own model, with onnxruntime-node's answers to compare with", async () => {
  const { start, folder } = await workplace();
  await writeFile(join(folder, 'my <b>.onnx'), tinyModel());
  const { url, end } = await start('--model', 'my <b>.onnx', '--isolate', '--quiet');
  const answer = await fetch(`${url}models.json`);
  expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  const manifest = (await answer.json()) as DemoManifest;
  expect(manifest.keepsOffline).toBe(false);
  expect(manifest.models.map(({ name }) => name)).toEqual([
    'my <b>.onnx',
    'mnist_cnn.onnx',
    'mnist_deep.onnx',
  ]);
  const [own] = manifest.models;
  const bytes = Buffer.from(await (await fetch(url + own!.file)).arrayBuffer());
  expect(bytes.equals(tinyModel())).toBe(true);
  const reference = (await (await fetch(url + own!.parity)).json()) as ParityReference;
  expect(reference).toMatchObject({ count: 100, runtime: expect.stringContaining('onnxruntime-node') });
  expect(reference.logits).toHaveLength(300);
  const digits = await (await fetch(url + reference.digits)).arrayBuffer();
  expect(digits.byteLength).toBe(100 * 784);
  expect(await end('SIGTERM')).toEqual({ status: 0, stderr: '' });
});

it('says in one sentence why it does not start', async () => {
  const { fail, folder } = await workplace();
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  onTestFinished(() => void blocker.close());
  const { port } = blocker.address() as AddressInfo;
  await writeFile(join(folder, 'wrong.onnx'), tinyModel({ input: ['N', 3, 32, 32] }));
  const expectFailure = (args: string[], status: number, message: RegExp) => {
    const result = fail(...args);
    expect(result.stderr).toMatch(message);
    expect([result.status, result.stdout]).toEqual([status, '']);
    expect(result.stderr).not.toMatch(/\n {4}at /);
  };
  expectFailure(['--port', `${port}`], 1, /^mnist-onnx: port \d+ on 127\.0\.0\.1 is in use\nChoose another/);
  expectFailure(['--port', '70000'], 2, /--port must be a whole number from 0 to 65535/);
  expectFailure(['--model', 'none.onnx'], 1, /cannot read the model none\.onnx: it does not exist/);
  expectFailure(['--model', 'wrong.onnx'], 1, /wrong\.onnx does not fit: .*\[N, 3, 32, 32\]/);
});

it('says how the page is built where it is not', async () => {
  const { fail } = await workplace({ isBuilt: false });
  const { status, stderr } = fail('--port', '0');
  expect(status).toBe(1);
  expect(stderr).toMatch(/the demo's page is not built: .*\n.*npm run build:demo/);
});

it('refuses to serve a page with the WebAssembly of another version', async () => {
  const { fail } = await workplace({ runtimeVersion: '1.0.0' });
  const { status, stderr } = fail('--port', '0');
  expect(status).toBe(1);
  expect(stderr).toMatch(/the demo's page needs onnxruntime-web 1\.0\.0, and [\d.]+ is installed/);
});
