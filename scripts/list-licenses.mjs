// Lists the licences of everything that the package brings along (package-lock.json, development left out),
// and fails on one that nobody has looked at.
//
//   node scripts/list-licenses.mjs [package-lock.json]
import { readFileSync } from 'node:fs';

/** Licences under which a program of any licence may use a library as it is. */
const KNOWN = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT'],
  // The font in the pictures.
  'OFL-1.1',
  // libvips, which sharp loads as a library of its own that a user can replace.
  'LGPL-3.0-or-later',
]);

const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'));
const byLicense = new Map();
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.dev || entry.link) continue;
  const license = entry.license ?? 'none stated';
  const name = `${path.replace(/^.*node_modules\//, '')}@${entry.version}`;
  byLicense.set(license, [...(byLicense.get(license) ?? []), name]);
}

for (const [license, names] of [...byLicense].sort((a, b) => b[1].length - a[1].length)) {
  console.log(`${license} (${names.length}): ${names.sort().join(', ')}`);
}
const unknown = [...byLicense].filter(([license]) => !isKnown(license));
for (const [license, names] of unknown) {
  console.error(`not looked at yet: ${license}, of ${names.join(', ')}; see the list in this script`);
}
process.exitCode = unknown.length > 0 ? 1 : 0;

/** Of an SPDX expression one side of an OR is enough, of an AND all are needed. */
function isKnown(expression) {
  const bare = expression.replace(/[()]/g, '');
  return bare.split(' OR ').some((side) => side.split(' AND ').every((license) => KNOWN.has(license.trim())));
}
