import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentReporter } from '../../reporter.js';
import type { SetupContext } from './context.js';
import { CommandError, type CommandOptions } from './run-command.js';
import { targetOf, unpackWheel } from './unpack-wheel.js';
import { wheel } from './wheel.js';
import { isTestedVersion, wheelVersion } from './wheel-names.js';

const WHEEL_NAME = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';
const LIBRARIES = {
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
};

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wheel-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A ZIP archive of stored entries, by the format's published layout. */
function makeZip(files: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, nameBytes);
    offset += 30 + nameBytes.length + data.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

describe('unpackWheel', () => {
  const unpack = async (files: Record<string, string>) => {
    const path = join(dir, WHEEL_NAME);
    await writeFile(path, makeZip(files));
    await unpackWheel({ path, outDir: join(dir, 'out'), platform: 'linux', reporter: silentReporter });
  };

  it('takes the two libraries and the C headers, and leaves the rest', async () => {
    await unpack({
      ...LIBRARIES,
      'tensorflow/include/tensorflow/c/c_api.h': 'api',
      'tensorflow/include/tensorflow/core/framework/tensor.h': 'not needed',
      'tensorflow/python/__init__.py': 'not needed',
    });
    expect((await readdir(join(dir, 'out'), { recursive: true })).sort()).toEqual([
      'include',
      'include/tensorflow',
      'include/tensorflow/c',
      'include/tensorflow/c/c_api.h',
      'lib',
      'lib/libtensorflow_cc.so.2',
      'lib/libtensorflow_framework.so.2',
    ]);
    expect(await readFile(join(dir, 'out/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
  });

  it('refuses a wheel with an entry that climbs out of the folder', async () => {
    const name = 'tensorflow/include/tensorflow/c/../../../../../evil.h';
    await expect(unpack({ ...LIBRARIES, [name]: 'evil' })).rejects.toThrow(
      /cannot be unpacked: .*relative path/,
    );
    expect(existsSync(join(dir, '..', 'evil.h'))).toBe(false);
  });

  it('refuses a wheel without the library, and one that is cut off', async () => {
    await expect(unpack({ 'tensorflow/x.py': '' })).rejects.toThrow('it has no libtensorflow_cc.so.2');
    const path = join(dir, 'cut.whl');
    await writeFile(path, makeZip(LIBRARIES).subarray(0, 60));
    const options = { path, outDir: join(dir, 'out'), platform: 'linux', reporter: silentReporter } as const;
    await expect(unpackWheel(options)).rejects.toThrow(/^the wheel is damaged/);
  });
});

it.each([
  ['tensorflow/libtensorflow_framework.so.2', 'lib/libtensorflow_framework.so.2'],
  ['tensorflow/include/xla/tsl/c/tsl_status.h', 'include/xla/tsl/c/tsl_status.h'],
  ['tensorflow/include/tsl/platform/ctstring_internal.h', 'include/tsl/platform/ctstring_internal.h'],
  ['tensorflow/include/tensorflow/cc/ops/math_ops.h', undefined],
  ['other/tensorflow/libtensorflow_cc.so.2', undefined],
])('the entry %s goes to %s', (name, target) => {
  expect(targetOf(name, 'linux')).toBe(target);
});

it('reads and judges versions', () => {
  expect(wheelVersion(WHEEL_NAME)).toBe('2.21.0');
  expect(wheelVersion('readme.txt')).toBeUndefined();
  expect(['2.18.1', '2.19.0', '2.21.3', '2.22.0', '3.0'].map(isTestedVersion)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

/** A machine on which every tool works, pip finds a tiny wheel, and the compiler writes a file. */
function makeContext(changes: { run?: (options: CommandOptions) => Promise<string> | undefined } = {}) {
  const calls: string[] = [];
  const context: SetupContext = {
    tfjsNode: {
      dir: join(dir, 'tfjs-node'),
      version: '4.22.0',
      manifest: { binary: { napi_versions: [3, 8] } },
    },
    cache: join(dir, 'cache'),
    platform: 'linux',
    arch: 'x64',
    env: {},
    reporter: silentReporter,
    allowUnverified: false,
    verify: async () => '2.21.0',
    probe: async () => {},
    run: async (options) => {
      const { command, args } = options;
      calls.push(`${command} ${args.slice(0, 3).join(' ')}`);
      const changed = changes.run?.(options);
      if (changed) return changed;
      if (args.includes('download')) {
        await writeFile(join(args[args.indexOf('--dest') + 1]!, WHEEL_NAME), makeZip(LIBRARIES));
      }
      if (args.includes('-o')) await writeFile(args[args.indexOf('-o') + 1]!, 'binding');
      return '';
    },
  };
  return { context, calls };
}

describe('the wheel step', () => {
  const binding = () =>
    join(
      dir,
      'cache/bindings',
      `tfjs-node-4.22.0-napi-8-${process.platform}-${process.arch}-tensorflow-2.21.0`,
      'lib/napi-v8/tfjs_binding.node',
    );

  it('downloads, unpacks, builds, and leaves nothing but the result', async () => {
    const { context } = makeContext();
    expect(await wheel.run(context)).toMatchObject({ path: binding(), version: '2.21.0' });
    expect(await readFile(binding(), 'utf8')).toBe('binding');
    expect(await readdir(join(dir, 'cache/libraries'))).toEqual(['2.21.0-linux-x64']);
    expect(await readdir(join(dir, 'cache/work'))).toEqual([]);
  });

  it('has pip take one file alone, by its SHA-256', async () => {
    let asked = '';
    const { context } = makeContext({
      run: ({ args }) => {
        if (args.includes('--require-hashes')) asked = readFileSync(args.at(-1)!, 'utf8');
        return undefined;
      },
    });
    await wheel.run(context);
    expect(asked).toMatch(/^tensorflow-cpu==2\.21\.0 --hash=sha256:[0-9a-f]{64}\n$/);
  });

  it('takes a library of the cache without asking pip', async () => {
    await wheel.run(makeContext().context);
    const { context, calls } = makeContext();
    await wheel.run(context);
    expect(calls.filter((call) => call.includes('pip'))).toEqual([]);
  });

  it('keeps the library when the build fails, so that the next run begins there', async () => {
    const failing = makeContext({
      run: ({ args }) =>
        args.includes('-shared')
          ? Promise.reject(
              new CommandError('c++ failed with status 1', 'failed', 'x.cc: error: no such type\n1 error'),
            )
          : undefined,
    });
    await expect(wheel.run(failing.context)).rejects.toThrow(/^the binding cannot be built: /);
    expect(existsSync(binding())).toBe(false);
    expect(await readdir(join(dir, 'cache/work'))).toEqual([]);
    const { context, calls } = makeContext();
    await wheel.run(context);
    expect(calls.some((call) => call.includes('download'))).toBe(false);
  });

  it('drops a library whose binding does not work, and publishes no such binding', async () => {
    const { context } = makeContext();
    const verify = () => Promise.reject(new Error('it crashes when it is loaded (SIGILL)'));
    await expect(wheel.run({ ...context, verify })).rejects.toThrow('SIGILL');
    expect(await readdir(join(dir, 'cache/libraries'))).toEqual([]);
    expect(existsSync(binding())).toBe(false);
  });

  const missing = (tools: RegExp) => ({
    run: ({ command }: CommandOptions) =>
      tools.test(command)
        ? Promise.reject(new CommandError(`${command} is not on the PATH`, 'missing'))
        : undefined,
  });

  it.each([
    ['a compiler', missing(/c\+\+|g\+\+/), /no C\+\+ compiler \(g\+\+ or clang\+\+\) on the PATH/],
    ['pip and Python', missing(/^(python|pip)/), /neither python3 nor pip is on the PATH/],
  ])('says that %s is missing', async (_what, changes, message) => {
    const { context, calls } = makeContext(changes);
    await expect(wheel.run(context)).rejects.toThrow(message);
    expect(calls.some((call) => call.includes('download'))).toBe(false);
  });

  it.each([
    ['ERROR: No matching distribution found for tensorflow-cpu', /^pip finds no tensorflow-cpu==2\.21\.0/],
    [
      'WARNING: Retrying (Retry(total=4))\nERROR: No matching distribution found',
      /^pip cannot reach its index$/,
    ],
    [
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
      /^pip offers another tensorflow-cpu==2\.21\.0 than the one that was tested/,
    ],
    ['ERROR: [Errno 28] No space left on device', /^pip failed: ERROR: \[Errno 28\]/],
  ])('explains pip’s «%s»', async (output, message) => {
    const { context } = makeContext({
      run: ({ args }) =>
        args.includes('download')
          ? Promise.reject(new CommandError('pip failed', 'failed', output))
          : undefined,
    });
    await expect(wheel.run(context)).rejects.toThrow(message);
  });

  it('has nothing to build against on Windows', async () => {
    const { context } = makeContext();
    await expect(wheel.run({ ...context, platform: 'win32' })).rejects.toThrow(
      /wheels for win32 x64 have no library/,
    );
  });
});
