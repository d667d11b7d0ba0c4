import { writeContactSheets } from './contact-sheet.mjs';
import { drawNonDigits } from './non-digits.mjs';
import { readAll } from './read-folder.mjs';

/** Measures how many images without a digit are answered with one that is not marked as unsure. */
export async function measureNonDigits(model, { mistakesDir } = {}) {
  const drawn = await drawNonDigits();
  const readings = await readAll(
    model,
    drawn.map(({ image }) => image),
  );
  const results = drawn.map((one, i) => ({
    ...one,
    reading: readings[i],
    isAnswered: /\d/.test(readings[i].prediction.text),
  }));
  if (mistakesDir) {
    const answered = results.filter(({ isAnswered }) => isAnswered);
    const cells = answered.map(({ kind, image, reading }) => ({ title: kind, truth: '', image, reading }));
    await writeContactSheets(mistakesDir, 'non-digits', cells);
  }
  const share = (of) => ({ right: of.filter(({ isAnswered }) => isAnswered).length, of: of.length });
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  return [
    { what: 'images without a digit: answered with one', bar: 0.05, isMost: true, ...share(results) },
    ...kinds.map((kind) => ({
      what: `  ${kind}`,
      ...share(results.filter((one) => one.kind === kind)),
    })),
  ];
}
