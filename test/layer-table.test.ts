import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { countConverted, formatLayerTable } from '../src/core/convert/index.js';

it("docs/converter.md's table of layers is the registry's (npm run generate writes it), and the README's count", async () => {
  const document = await readFile('docs/converter.md', 'utf8');
  const { converted, of } = countConverted();
  expect(document).toContain(`All ${of} layers of tfjs-layers: ${converted} are converted`);
  expect(document).toContain(formatLayerTable());
  expect(await readFile('README.md', 'utf8')).toContain(`${converted} of the ${of} layers`);
});
