// Runs one benchmark by name: `npm run bench -- NAME [ITS OPTIONS]`; without a name it lists them.
import { readdir } from 'node:fs/promises';
import { UserError } from '../dist/core/errors.js';

const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined) {
  for (const each of names) {
    const { description } = await import(`./${each}.mjs`);
    console.log(`${each.padEnd(16)} ${description}`);
  }
} else if (names.includes(name)) {
  const { run } = await import(`./${name}.mjs`);
  try {
    process.exitCode = await run(rest);
  } catch (error) {
    const isUsage = String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage && !(error instanceof UserError)) throw error;
    console.error([`${name}: ${error.message}`, error.hint].filter(Boolean).join('\n'));
    process.exitCode = isUsage ? 2 : error.exitCode;
  }
} else {
  console.error(`There is no benchmark '${name}'. There are: ${names.join(', ')}.`);
  process.exitCode = 2;
}
