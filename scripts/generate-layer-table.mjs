// Writes the table of supported layers into docs/converter.md, from the converter's registry. Needs the build.
import { readFile, writeFile } from 'node:fs/promises';
import { countConverted, formatLayerTable } from '../dist/core/convert/index.js';

const document = new URL('../docs/converter.md', import.meta.url);
const text = await readFile(document, 'utf8');
const { converted, of } = countConverted();
const table = `<details><summary>All ${of} layers of tfjs-layers: ${converted} are converted, the others refused with the reason</summary>\n\n${formatLayerTable()}\n</details>`;
await writeFile(
  document,
  text.replace(
    /(<!-- layers: npm run generate -->\n)[\s\S]*?(<!-- \/layers -->)/,
    (_, begin, end) => `${begin}${table}\n${end}`,
  ),
);
