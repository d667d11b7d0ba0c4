import { mkdir, readdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderSize } from './cache.js';
import type { SetupContext } from './context.js';
import { CommandError, lastLine } from './run-command.js';
import { type Wheel, wheelVersion } from './wheel-names.js';

/** How pip is called: a command and its first arguments. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
}

const CANDIDATES: readonly Pip[] = [
  { command: 'python3', args: ['-m', 'pip'] },
  { command: 'pip3', args: [] },
  { command: 'pip', args: [] },
  { command: 'python', args: ['-m', 'pip'] },
];
const WHEEL_BYTES = 275e6;
const NEEDED_BYTES = 1.4e9;
const TIMEOUT_MS = 30 * 60_000;
const STALL_MS = 120_000;

/** Finds a pip that runs. */
export async function findPip({ run, env, signal }: SetupContext): Promise<Pip> {
  let pythonFound = false;
  for (const pip of CANDIDATES) {
    try {
      await run({ ...pip, args: [...pip.args, '--version'], env, timeoutMs: 30_000, signal });
      return pip;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      pythonFound ||= error.kind !== 'missing';
    }
  }
  throw new Error(
    pythonFound ? 'Python is here, but its pip does not run' : 'neither python3 nor pip is on the PATH',
  );
}

/**
 * Downloads a wheel into `work`, from wherever the user's pip is configured to look; pip refuses a file whose
 * SHA-256 is another.
 */
export async function downloadWheel(
  context: SetupContext,
  { pip, wheel, work }: { pip: Pip; wheel: Wheel; work: string },
): Promise<{ path: string; version: string }> {
  await checkFreeSpace(work);
  const requirement = `${wheel.name}==${wheel.version}`;
  const requirements = join(work, 'requirements.txt');
  await writeFile(requirements, `${requirement} --hash=sha256:${wheel.sha256}\n`);
  const dir = join(work, 'wheel');
  const temporary = join(work, 'pip');
  await Promise.all([mkdir(dir), mkdir(temporary)]);
  const progress = context.reporter.progress(
    `  downloading ${wheel.name} ${wheel.version} with pip`,
    WHEEL_BYTES,
  );
  try {
    await context.run({
      command: pip.command,
      args: [...pip.args, ...downloadArguments(requirements, dir)],
      // pip writes there first; the folder's growth is the progress, and an interruption leaves nothing behind.
      env: { ...context.env, TMPDIR: temporary },
      timeoutMs: TIMEOUT_MS,
      signal: context.signal,
      watch: {
        stallMs: STALL_MS,
        measure: async () => {
          const bytes = await folderSize(work);
          progress.update(Math.min(bytes, WHEEL_BYTES), `${Math.round(bytes / 1e6)} MB`);
          return bytes;
        },
      },
    });
  } catch (error) {
    progress.end('failed');
    throw explain(error, requirement);
  }
  const name = (await readdir(dir)).find((file) => file.endsWith('.whl'));
  const version = name && wheelVersion(name);
  if (!version) throw new Error('pip ended well but left no wheel');
  progress.end(name);
  return { path: join(dir, name), version };
}

function downloadArguments(requirements: string, dir: string): string[] {
  return [
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    // Any Python's wheel holds the same library; without this an old or very new Python would find none.
    '--python-version',
    '3.12',
    '--no-input',
    '--disable-pip-version-check',
    '--dest',
    dir,
    '--require-hashes',
    '--requirement',
    requirements,
  ];
}

function explain(error: unknown, requirement: string): unknown {
  if (!(error instanceof CommandError) || error.kind !== 'failed') return error;
  if (/No matching distribution|Could not find a version/.test(error.output)) {
    const unreachable = /Retrying|connection|NewConnectionError|ProxyError|timed out/i.test(error.output);
    return new Error(
      unreachable ? 'pip cannot reach its index' : `pip finds no ${requirement} for this system`,
    );
  }
  if (/DO NOT MATCH THE HASHES/.test(error.output))
    return new Error(`pip offers another ${requirement} than the one that was tested: its SHA-256 differs`);
  return new Error(`pip failed: ${lastLine(error.output)}`);
}

async function checkFreeSpace(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  throw new Error(
    `the disk of ${dir} has ${(free / 1e9).toFixed(1)} GB free, and ${NEEDED_BYTES / 1e9} GB are needed for a while`,
  );
}
