import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { openStream, readImageStream } from './read-image-stream.js';

const TOO_LARGE = 'the file is larger than 256 MB';

describe('an image from a stream', () => {
  it('is read to its end, of texts too', async () => {
    const bytes = await readImageStream(Readable.from(['the ', Buffer.from('bytes')]));
    expect(Buffer.from(bytes).toString()).toBe('the bytes');
  });

  it('that never ends is given up', async () => {
    const part = new Uint8Array(2 ** 26);
    let parts = 0;
    async function* endless() {
      for (; ; parts++) yield part;
    }
    await expect(readImageStream(Readable.from(endless(), { highWaterMark: 1 }))).rejects.toMatchObject({
      name: 'UserError',
      message: TOO_LARGE,
    });
    // The fourth is too much; by then the stream has asked for one more.
    expect(parts).toBe(4);
  });

  it('that breaks says why', async () => {
    const broken = Readable.from(
      (async function* () {
        yield 'the ';
        throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
      })(),
    );
    await expect(readImageStream(broken)).rejects.toMatchObject({ name: 'UserError', message: 'read' });
  });

  it('is not waited for once that is no longer wanted', async () => {
    const controller = new AbortController();
    const reading = readImageStream(new Readable({ read() {} }), controller.signal);
    controller.abort();
    await expect(reading).rejects.toThrow();
  });
});

describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  const makePipe = async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('is waited for until somebody writes to it, and read to the end', async () => {
    const path = await makePipe();
    const reading = readImageStream(openStream(path));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const part = Buffer.alloc(100_000, 7);
    await writeFile(path, Buffer.concat([part, Buffer.from('end')]));
    expect(Buffer.compare(await reading, Buffer.concat([part, Buffer.from('end')]))).toBe(0);
  });

  it('that nobody writes to holds nothing up once it is no longer wanted', async () => {
    const controller = new AbortController();
    const reading = readImageStream(openStream(await makePipe()), controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(reading).rejects.toThrow();
  });

  it('that is not there says so', () => {
    expect(() => openStream('none')).toThrow('it does not exist');
  });
});
