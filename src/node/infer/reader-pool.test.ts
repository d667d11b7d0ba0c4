import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import type { Prediction } from '../../core/prediction.js';
import { encodePng } from '../images/encode-png.js';
import { createNodeSession } from '../runtime/index.js';
import type { ImageSource } from './chunk-inputs.js';
import { ENDED } from './ended.js';
import { createReader, type Reader, type ReaderOptions } from './reader.js';
import { createReaderPool } from './reader-pool.js';

const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
const box = { x: 10, y: 10, width: 26, height: 40 };

let folder: string;
let image: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  image = join(folder, 'a.png');
  await writeFile(image, await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })));
});

/** A pool of two: the given reader, and a thread. */
function pool(
  own: Reader,
  { model = tinyModel(), ...changes }: { model?: Uint8Array } & Partial<ReaderOptions> = {},
) {
  const options: ReaderOptions = { info, segment: 'single', topK: 1, minProbability: 0.4, ...changes };
  const made = createReaderPool(own, { threads: 2, model, device: 'cpu', options });
  onTestFinished(() => {
    release();
    return made.close();
  });
  /** A chunk that is worth a thread, if nothing else is said. */
  const read = (sources: readonly ImageSource[], workMs = 1000) => made.read({ sources, workMs });
  return { read, close: made.close };
}

/** Is busy until the test's end, so that what follows goes to the thread. */
const busy: Reader = () => busyness;
let busyness: Promise<Prediction[]>;
let release: () => void;
beforeEach(() => {
  busyness = new Promise((resolve) => {
    release = () => resolve([]);
  });
});

describe('a pool of readers', () => {
  it('reads the first chunk itself and has a thread read the next, alike', async () => {
    const session = await createNodeSession(tinyModel(), { device: 'cpu' });
    onTestFinished(() => session.release());
    const own: string[] = [];
    const read = createReader(session, { info, segment: 'single', topK: 1, minProbability: 0.4 });
    const { read: readByAny } = pool((sources) => {
      own.push(...sources.map(({ file }) => file));
      return read(sources);
    });
    const chunks = [[image], ['none.png', image], [image]].map((files) => files.map((file) => ({ file })));
    const [first, second, third] = await Promise.all(chunks.map((chunk) => readByAny(chunk)));
    expect(own).toEqual([image]);
    expect(first![0]).toMatchObject({ file: image, text: 'middle', status: 'ok' });
    expect(second).toEqual([
      expect.objectContaining({ status: 'error', error: 'it does not exist' }),
      first![0],
    ]);
    expect(third).toEqual(first);
  });

  it('gives what the user is to be told of as the thread said it', async () => {
    await mkdir(join(folder, 'seen'));
    await writeFile(join(folder, 'seen/file'), '');
    const { read } = pool(busy, { saveInputsDir: join(folder, 'seen/file') });
    void read([]);
    await expect(read([{ file: image }])).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 1,
      message: expect.stringMatching(/^cannot write .*seen\/file.*: a part of its path is not a folder$/),
    });
  });

  it('gives a defect with the place where it was', async () => {
    const { read } = pool(busy);
    void read([]);
    const error = await read(undefined as never).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'Error', message: 'sources is not iterable' });
    expect((error as Error).stack).toMatch(/^TypeError: .*\n.* at .*dist.bundle.reader-[\w-]+\.cjs/);
  });

  it('fails where a thread cannot load the model, as this one would, also for what comes later', async () => {
    const { read, close } = pool(busy, { model: Uint8Array.of(1, 2, 3) });
    void read([]);
    const failure = {
      name: 'UserError',
      message: expect.stringMatching(/^onnxruntime-node cannot load the model/),
      hint: expect.stringMatching(/^Check that the file was copied whole/),
    };
    await expect(read([{ file: image }])).rejects.toMatchObject(failure);
    await expect(read([{ file: image }])).rejects.toMatchObject(failure);
    release();
    await close();
    await expect(read([{ file: image }])).rejects.toThrow(ENDED);
  });

  it('that is closed drops the chunks that wait', async () => {
    const { read, close } = pool(busy);
    const first = read([]);
    const reads = Array.from({ length: 5 }, () => read([{ file: image }]));
    // The other reader has two, the thread two, and the last two are nobody's yet.
    const ends = Promise.allSettled([first, ...reads]);
    const closed = close();
    release();
    await closed;
    const reason = expect.objectContaining({ message: ENDED });
    expect(await ends).toEqual(Array(6).fill({ status: 'rejected', reason }));
  });

  it('reads on while a thread starts, and gives each chunk to a reader that has room', async () => {
    const own: number[] = [];
    const { read } = pool(async (sources) => {
      own.push(...sources.map(({ file }) => Number(file)));
      return [];
    });
    const names = Array.from({ length: 40 }, (_, i) => `${i}`);
    const chunks = await Promise.all(names.map((file) => read([{ file }])));
    // The thread, which takes longer to start than the rest takes, has its two chunks and no more.
    expect(own).toEqual(names.map(Number).filter((i) => i !== 1 && i !== 2));
    for (const i of [1, 2]) expect(chunks[i]).toMatchObject([{ file: `${i}`, status: 'error' }]);
  });

  it('starts a thread for what takes longer than was thought', async () => {
    const { read } = pool(async () => {
      const end = performance.now() + 300;
      while (performance.now() < end);
      return [];
    });
    const chunks = await Promise.all(Array.from({ length: 8 }, (_, i) => read([{ file: `${i}` }], 1)));
    // A thread says that there is no such file.
    expect(chunks.flat()).toContainEqual(expect.objectContaining({ status: 'error' }));
  });

  it('starts no thread for little work', async () => {
    const own: string[] = [];
    const { read } = pool(async (sources) => {
      own.push(...sources.map(({ file }) => file));
      return [];
    });
    const names = Array.from({ length: 8 }, (_, i) => `${i}`);
    await Promise.all(names.map((file) => read([{ file }], 10)));
    expect(own).toEqual(names);
    // A thread would say that there is no such file.
    const more = await Promise.all(names.map((file) => read([{ file }], 30)));
    expect(more.flat()).toMatchObject([{ status: 'error' }, { status: 'error' }]);
  });
});
