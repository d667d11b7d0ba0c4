import { readFileSync } from 'node:fs';
import { runCli } from './run.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), version);
// Native runtimes keep threads that would hold the process; what was written to a pipe is flushed first.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit();
