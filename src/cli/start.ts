// Before all others, in the bundle too, where packages are loaded before our own modules.
import '../node/home.js';
import { startAhead } from '../node/infer/head-start.js';

/** Starts what takes a thread longer than all that follows takes to load, then the program. */
async function start(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'infer') await startAhead(rest);
  await import('./main.js');
}
void start();
