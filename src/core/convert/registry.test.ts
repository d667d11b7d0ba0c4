import { expect, it } from 'vitest';
import { tf } from '../../../test/convert/parity.js';
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

it('each refusal says why', () => {
  for (const entry of Object.values(REGISTRY)) if ('refused' in entry) expect(entry.refused).toMatch(/ /);
});
