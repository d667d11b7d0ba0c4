import { expect, test } from 'vitest';
import { artifacts, functional, inputOf } from '../../../test/convert/topology.js';
import { convertArtifacts, convertLayersModel } from './index.js';

const model = artifacts(functional({ x: inputOf(3), relu: ['ReLU', {}, ['x']] }, ['x'], ['relu']));

test.each([
  [{ batch: 0 }, 'batch must be a whole number of 1 or more, not 0'],
  [{ batch: -1 }, 'batch must be a whole number of 1 or more, not -1'],
  [{ batch: Number.NaN }, 'batch must be a whole number of 1 or more, not NaN'],
  [{ batch: '2' }, "batch must be a whole number of 1 or more, not '2'"],
  [{ opset: '21' }, "opset must be a number, not '21'"],
  [{ layout: 'NHWC' }, "layout must be one of nchw, nhwc, not 'NHWC'"],
  [{ input: 'int4' }, "input must be one of float32, uint8, not 'int4'"],
  [{ output: 'labels' }, "output must be one of auto, logits, probabilities, both, class, not 'labels'"],
  [{ metadata: { a: 1 } }, 'metadata.a must be a text, not 1'],
])('the options %j are refused by name', (options, message) => {
  expect(() => convertArtifacts(model, options as never)).toThrow(`the option ${message}`);
});

test.each([null, undefined, 'model.json'])('%s is no model', async (none) => {
  await expect(convertLayersModel(none as never)).rejects.toThrow(
    `a tfjs layers model or its artifacts are needed, not ${none}`,
  );
});
