import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './tiny-model.js';

const listLicenses = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/list-licenses.mjs', ...args], { encoding: 'utf8' });

it('every licence of what the package brings along has been looked at', () => {
  const { status, stdout, stderr } = listLicenses();
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^MIT \(\d+\): /);
  expect(status).toBe(0);
});

it('a licence that nobody has looked at fails by name; one for development alone does not count', async () => {
  const lockfile = join(await temporaryFolder(), 'package-lock.json');
  const packages = {
    '': { license: 'MIT' },
    'node_modules/a': { version: '1.0.0', license: 'MIT OR SSPL-1.0' },
    'node_modules/b': { version: '2.0.0', license: '(MIT AND SSPL-1.0)' },
    'node_modules/a/node_modules/@c/d': { version: '3.0.0' },
    'node_modules/e': { version: '4.0.0', license: 'SSPL-1.0', dev: true },
  };
  await writeFile(lockfile, JSON.stringify({ packages }));
  const { status, stderr } = listLicenses(lockfile);
  expect(status).toBe(1);
  expect(stderr.match(/of \S+;/g)).toEqual(['of b@2.0.0;', 'of @c/d@3.0.0;']);
});
