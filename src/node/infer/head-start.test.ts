import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { encodePng } from '../images/encode-png.js';
import { startAhead, takeThreadAhead } from './head-start.js';

/** A folder of so many files. */
async function folderOf(count: number): Promise<string> {
  const folder = await temporaryFolder();
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.png`), '');
  return folder;
}

describe.skipIf(availableParallelism() < 2)('a thread that is started ahead', () => {
  it('is given once, for a folder of many images, and reads as it is told then', async () => {
    const many = await folderOf(1000);
    await startAhead(['--format', 'csv', 'nowhere', many]);
    const thread = takeThreadAhead()!;
    expect(takeThreadAhead()).toBeUndefined();
    const image = join(many, 'a.png');
    const box = { x: 10, y: 10, width: 26, height: 40 };
    writeFileSync(image, await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })));
    thread.setUp({
      model: tinyModel(),
      device: 'cpu',
      options: {
        info: { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING },
        segment: 'single',
        topK: 1,
        minProbability: 0.4,
      },
    });
    expect(await thread.read([{ file: image }])).toMatchObject([{ file: image, text: 'middle' }]);
    await thread.close();
  });

  it('is given for many files that were named one by one', async () => {
    await startAhead(Array.from({ length: 1000 }, (_, i) => `${i}.png`));
    const thread = takeThreadAhead();
    expect(thread).toBeDefined();
    await thread!.close();
  });

  it.each([
    ['few images', async () => [await folderOf(999)]],
    ['one file', async () => [join(await folderOf(1), '0.png')]],
    ['what is not there', async () => ['nowhere', '']],
    ['who chose how many threads', async () => [await folderOf(1000), '--threads', '1']],
    ['who chose it in one word', async () => [await folderOf(1000), '--threads=4']],
  ])('is not for %s', async (_, argv) => {
    await startAhead(await argv());
    expect(takeThreadAhead()).toBeUndefined();
  });
});
