import { writeContactSheets } from './contact-sheet.mjs';
import { editDistance } from './edit-distance.mjs';
import { drawPhotos } from './photos.mjs';
import { readAll } from './read-folder.mjs';

/** Measures photos of our own making: the share of their characters, line breaks among them, read right. */
export async function measurePhotos(model, { mistakesDir } = {}) {
  const drawn = [];
  for await (const photo of drawPhotos()) drawn.push(photo);
  const readings = await readAll(
    model,
    drawn.map(({ image }) => image),
  );
  const results = drawn.map((photo, i) => ({ ...photo, reading: readings[i], text: linesOf(readings[i]) }));
  if (mistakesDir) {
    const wrong = results.filter(({ truth, text }) => truth !== text);
    const cells = wrong.map((one) => ({ ...one, title: one.kind, truth: one.truth.replaceAll('\n', '/') }));
    await writeContactSheets(mistakesDir, 'photos', cells);
  }
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  return [
    { what: 'drawn photos: characters', ...characters(results) },
    ...kinds.map((kind) => ({
      what: `  ${kind}`,
      ...characters(results.filter((one) => one.kind === kind)),
    })),
  ];
}

/** The best classes, sure or not, in the lines of the text. */
function linesOf({ prediction: { text, digits } }) {
  let next = 0;
  return [...text.replaceAll(' ', '')].map((c) => (c === '\n' ? c : digits[next++].digit)).join('');
}

function characters(results) {
  const of = results.reduce((sum, { truth }) => sum + truth.length, 0);
  const wrong = results.reduce((sum, { truth, text }) => sum + editDistance(truth, text), 0);
  return { right: Math.max(0, of - wrong), of };
}
