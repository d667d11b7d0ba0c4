import { readFileSync } from 'node:fs';
import { takeThreadAhead } from '../node/infer/head-start.js';
import { reportError, runCli } from './run.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

// A defect, wherever it shows, is one sentence too.
process.on('uncaughtException', (error) => process.exit(reportError(error)));

// Bundled as CommonJS, in which nothing is awaited outside of functions.
async function main(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), version);
  // A thread that nobody took: to end the process while it loads onnxruntime would abort.
  await takeThreadAhead()?.close();
  // Native runtimes keep threads that would hold the process; what was written to a pipe is flushed first.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit();
}
void main();
