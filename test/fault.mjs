// Preloaded into a command (node --import): at the writing call of node:fs/promises that FAULT counts to, among
// those whose path holds FAULT_PATH, the process is killed (KILL:3), or that and every later one fails as on a
// full disk (ENOSPC:3). With CLOCK=jump the clock is set to and fro all the time.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [kind, at] = (process.env.FAULT ?? 'NONE:0').split(':');
const wanted = process.env.FAULT_PATH ?? '';
let count = 0;

function meetFault(path) {
  if (!String(path).includes(wanted) || ++count < Number(at)) return;
  if (kind === 'KILL') process.kill(process.pid, 'SIGKILL');
  if (kind === 'ENOSPC') throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
}

for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'writeFile', 'rm']) {
  const original = fs[name];
  fs[name] = async (path, ...rest) => {
    if (name !== 'open' || (rest[0] && rest[0] !== 'r')) meetFault(path);
    return original(path, ...rest);
  };
}
syncBuiltinESMExports();

if (process.env.CLOCK === 'jump') {
  const now = Date.now.bind(Date);
  let calls = 0;
  Date.now = () => now() + (++calls % 2 === 0 ? 86_400_000 : -86_400_000);
}
