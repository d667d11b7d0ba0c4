import { expect, it } from 'vitest';
import { tf } from '../../../test/convert/parity.js';
import { countConverted, formatLayerTable } from './layer-table.js';
import { REGISTRY } from './registry.js';

it('the registry lists exactly the layers that tfjs registers, the containers apart', () => {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const containers = ['InputLayer', 'Model', 'Functional', 'Sequential'];
  const registered = Object.entries(classNameMap)
    .filter(([, [type]]) => type.prototype instanceof tf.layers.Layer)
    .map(([name]) => name)
    .filter((name) => !containers.includes(name));
  expect(Object.keys(REGISTRY).sort()).toEqual(registered.sort());
});

it('61 of 65 layers are converted, and each refusal says why', () => {
  expect(countConverted()).toEqual({ converted: 61, of: 65 });
  for (const entry of Object.values(REGISTRY)) if ('refused' in entry) expect(entry.refused).toMatch(/ /);
});

it('the table for the README has a row a layer', () => {
  const table = formatLayerTable();
  expect(table).toContain('| Conv2D | Conv |\n');
  expect(table).toMatch(/\| RandomWidth \| refused: .* \|\n$/);
  expect(table.trimEnd().split('\n')).toHaveLength(65 + 2);
});
