import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { infer } from '../src/node/infer/infer.js';
import { silentReporter } from '../src/node/reporter.js';
import { type OpenModel, openModel } from '../src/node/runtime/index.js';

const names = (await readdir('images')).filter((name) => /\d\.\w+$/.test(name));

describe.each(['mnist_deep', 'mnist_cnn'])('%s', (name) => {
  let model: OpenModel;
  beforeAll(async () => {
    model = await openModel({ model: name, reporter: silentReporter });
  });
  afterAll(() => model.session.release());

  it.each(names)('reads the sample image %s as its name says', async (file) => {
    const { session, info } = model;
    for await (const prediction of infer({ inputs: [`images/${file}`], session, info, topK: 1 }))
      expect(prediction).toMatchObject({ text: /(\d)\.\w+$/.exec(file)![1], status: 'ok' });
  });
});
