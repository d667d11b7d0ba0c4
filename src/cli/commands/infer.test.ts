import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { runInProcess } from '../../../test/in-process.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { encodePng } from '../../node/images/encode-png.js';

let folder: string;
let good: string;
let bad: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infer-'));
  [good, bad] = [join(folder, 'good.png'), join(folder, 'bad.png')];
  const box = { x: 10, y: 10, width: 26, height: 40 };
  await writeFile(good, await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })));
  await writeFile(bad, 'text');
  await writeFile(join(folder, 'model.onnx'), tinyModel());
});
afterAll(() => rm(folder, { recursive: true }));

const infer = (argv: readonly string[], signal?: AbortSignal, terminal?: { isTTY: boolean }) => {
  const settings = ['--model', join(folder, 'model.onnx'), '--segment', 'single', '--threads', '1'];
  return runInProcess(['infer', ...argv, ...settings], signal, terminal);
};

describe('infer', () => {
  it('sums up how the images came out', async () => {
    const { status, ends } = await infer([good, bad, good]);
    expect(status).toBe(1);
    expect(ends).toEqual([expect.stringMatching(/^2 read in .*: 2 ok, 0 unsure, 0 blank, 1 failed$/)]);
  });

  it('takes a dash for standard output', async () => {
    const { stdout, notes } = await infer([good, '--format', 'ndjson', '--output', '-']);
    expect(JSON.parse(stdout)).toMatchObject({ file: good, text: 'middle' });
    expect(notes.join()).not.toContain('readings:');
  });

  it('tells of ten images that cannot be read, and how many more there are', async () => {
    const { warnings, stdout } = await infer([...new Array(12).fill(bad), '--format', 'ndjson']);
    expect(warnings).toHaveLength(11);
    expect(warnings[9]).toMatch(/^cannot read .*bad\.png: it is a text file/);
    expect(warnings[10]).toBe('and 2 more');
    expect(stdout.trimEnd().split('\n')).toHaveLength(12);
  });

  it('does not tell again of an image that a short table on a terminal shows', async () => {
    const { warnings, stdout } = await infer([bad], undefined, { isTTY: true });
    expect(stdout).toMatch(/ error .*bad\.png: it is a text file/);
    expect(warnings).toEqual([]);
    expect((await infer([bad])).warnings).toHaveLength(1);
    expect((await infer(new Array(11).fill(bad), undefined, { isTTY: true })).warnings).toHaveLength(11);
  });

  it('gives in parts what it gives in one piece', async () => {
    const images = [good, bad, good, '--format', 'csv'];
    const parts = ['1/2', '2/2'].map(async (part) => (await infer([...images, '--shard', part])).stdout);
    expect((await Promise.all(parts)).join('')).toBe((await infer(images)).stdout);
  });

  it('says which images of how many a part is', async () => {
    const notesOf = async (part: string) =>
      (await infer([good, bad, good, '--format', 'csv', '--shard', part])).notes;
    expect(await notesOf('1/2')).toContain('part 1 of 2: images 1 to 1 of 3');
    expect(await notesOf('2/2')).toContain('part 2 of 2: images 2 to 3 of 3');
    expect(await notesOf('1/4')).toContain('part 1 of 4: none of 3');
  });

  it.each(['csv', 'ndjson'])(
    'goes on with no part of %s as another, nor as one of other images',
    async (format) => {
      const output = join(await temporaryFolder(), 'out');
      const goOn = (count: number, ...shard: string[]) =>
        infer([...new Array(count).fill(good), '--format', format, '--output', output, '--resume', ...shard]);
      await goOn(4, '--shard', '2/2');
      const part = await readFile(output, 'utf8');
      const settings = (names: string) =>
        `cannot go on with ${output}: it was begun with another setting of ${names}`;
      await expect(goOn(4, '--shard', '1/2')).rejects.toThrow(settings('--shard'));
      await expect(goOn(4)).rejects.toThrow(settings('--shard, the number of images'));
      await expect(goOn(5, '--shard', '2/2')).rejects.toThrow(settings('the number of images'));
      expect(await readFile(output, 'utf8')).toBe(part);
    },
  );

  it('goes on with an output, and says what it kept', async () => {
    const output = join(await temporaryFolder(), 'out.csv');
    const argv = [good, bad, good, '--format', 'csv', '--output', output, '--resume'];
    await infer(argv);
    const whole = await readFile(output, 'utf8');
    // The first two records, as a run leaves them that was killed.
    await writeFile(output, `${whole.split('\n').slice(0, 3).join('\n')}\n`);
    const { status, notes, ends } = await infer(argv);
    expect(notes).toContain('kept from an earlier run: 2, of them 1 failed');
    expect(ends[0]).toMatch(/^1 read in /);
    // An image that could not be read is still one.
    expect(status).toBe(1);
    expect(await readFile(output, 'utf8')).toBe(whole);
  });
});

describe('what lies beside an output', () => {
  const csv = (output: string, ...argv: string[]) =>
    infer([good, bad, '--format', 'csv', '--output', output, ...argv]);

  it('goes with it, once another takes its place: nothing is gone on with that was read otherwise', async () => {
    const place = await temporaryFolder();
    const output = join(place, 'out.csv');
    await csv(output, '--resume');
    await writeFile(`${output}.partial`, await readFile(output));
    await csv(output, '--conf', '1');
    expect(await readdir(place)).toEqual(['out.csv']);
    await expect(csv(output, '--resume')).rejects.toThrow('does not tell how it was read');
    expect(await readFile(output, 'utf8')).toContain('unsure');
  });

  it('that cannot be removed leaves the output as it is', async () => {
    const output = join(await temporaryFolder(), 'out.csv');
    await mkdir(`${output}.settings.json`);
    await writeFile(output, 'old');
    await expect(csv(output)).rejects.toThrow(`cannot remove ${output}.settings.json: `);
    expect(await readFile(output, 'utf8')).toBe('old');
  });

  it('stays where the other is not written to its end', async () => {
    const place = await temporaryFolder();
    const output = join(place, 'out.csv');
    await csv(output, '--resume');
    await infer([good, '--format', 'csv', '--output', output], AbortSignal.abort());
    expect(await readdir(place)).toEqual(['out.csv', 'out.csv.settings.json']);
    expect((await csv(output, '--resume')).notes).toContain('kept from an earlier run: 2, of them 1 failed');
  });

  it.skipIf(process.platform === 'win32').each([[['--resume']], [[]]])(
    'lies beside the file that a link leads to, and the link stays: %j',
    async (resume) => {
      const place = await temporaryFolder();
      await symlink('real/out.csv', join(place, 'link.csv'));
      for (let i = 0; i < 2; i++) await csv(join(place, 'link.csv'), ...resume);
      expect((await lstat(join(place, 'link.csv'))).isSymbolicLink()).toBe(true);
      expect(await readdir(place)).toEqual(['link.csv', 'real']);
      expect(await readdir(join(place, 'real'))).toEqual(
        resume.length > 0 ? ['out.csv', 'out.csv.settings.json'] : ['out.csv'],
      );
    },
  );
});

describe('infer that is interrupted', () => {
  const aborted = AbortSignal.abort();

  it('says that its output was not written', async () => {
    const output = join(await temporaryFolder(), 'out.csv');
    const { status, warnings, ends } = await infer([good, '--format', 'csv', '--output', output], aborted);
    expect({ status, ends }).toEqual({ status: undefined, ends: [] });
    expect(warnings).toEqual([`interrupted: ${output} was not written`]);
    expect(existsSync(output)).toBe(false);
  });

  it('says how to go on with an output that can be gone on with', async () => {
    const output = join(await temporaryFolder(), 'out.csv');
    const argv = [good, '--format', 'csv', '--output', output, '--resume'];
    const { warnings } = await infer(argv, aborted);
    expect(warnings).toEqual([`interrupted: ${output} is not complete; the same command goes on with it`]);
    expect((await infer(argv)).status).toBe(0);
    expect(await readFile(output, 'utf8')).toContain('good.png');
  });

  it('has nothing to say of standard output', async () => {
    const { status, warnings } = await infer([good], aborted);
    expect({ status, warnings }).toEqual({ status: undefined, warnings: [] });
  });
});

it('infer that cannot write its pictures stops', async () => {
  const run = infer([good, '--save-inputs', join(bad, 'seen')]);
  await expect(run).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('a part of its path is not a folder'),
  });
});
