import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { countConverted, formatLayerTable } from '../src/core/convert/index.js';

it("the README's table of layers is the registry's (npm run generate writes it)", async () => {
  const readme = await readFile('README.md', 'utf8');
  const { converted, of } = countConverted();
  expect(readme).toContain(`All ${of} layers of tfjs-layers: ${converted} are converted`);
  expect(readme).toContain(formatLayerTable());
});
