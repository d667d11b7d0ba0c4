import { writeContactSheets } from './contact-sheet.mjs';
import { editDistance } from './edit-distance.mjs';
import { decodeFiles, readAll, readLabels } from './read-folder.mjs';

/** Longer rows are measured by their characters alone. */
const LONGEST = 12;

/**
 * Measures a folder of labelled pictures: the share read right of the single digits, by source (the first
 * folder of a file's path), and of the images of several.
 */
export async function measureFolder(model, folder, { mistakesDir } = {}) {
  const rows = (await readLabels(folder)).filter(({ reliability }) => reliability === 'A');
  const readings = await readAll(
    model,
    decodeFiles(
      folder,
      rows.map(({ file }) => file),
    ),
  );
  const results = rows.map((row, i) => ({
    ...row,
    reading: readings[i],
    isRight: readings[i].digits === row.label,
  }));
  if (mistakesDir)
    await drawMistakes(
      folder,
      mistakesDir,
      results.filter(({ isRight }) => !isRight),
    );
  const single = results.filter(({ kind }) => kind === 'single');
  const several = results.filter(({ kind }) => kind === 'multi');
  const short = several.filter(({ label }) => label.length <= LONGEST);
  const sources = [...new Set(single.map(({ file }) => file.split('/')[0]))];
  return [
    { what: 'single digits', bar: 0.98, ...share(single) },
    ...sources.map((source) => ({
      what: `  of ${source}`,
      bar: 0.95,
      ...share(single.filter(({ file }) => file.startsWith(`${source}/`))),
    })),
    { what: `several digits, at most ${LONGEST}: read exactly`, bar: 0.92, ...share(short) },
    { what: `several digits, at most ${LONGEST}: characters`, bar: 0.98, ...characters(short) },
    { what: 'several digits, any number: characters', ...characters(several) },
  ];
}

function share(results) {
  return { right: results.filter(({ isRight }) => isRight).length, of: results.length };
}

function characters(results) {
  const of = results.reduce((sum, { label }) => sum + label.length, 0);
  const wrong = results.reduce((sum, { label, reading }) => sum + editDistance(label, reading.digits), 0);
  return { right: of - wrong, of };
}

async function drawMistakes(folder, mistakesDir, mistakes) {
  const drawn = [];
  const images = decodeFiles(
    folder,
    mistakes.map(({ file }) => file),
  );
  let next = 0;
  for await (const image of images) {
    const { file, label, reading } = mistakes[next++];
    drawn.push({ title: file, truth: label, image, reading });
  }
  await writeContactSheets(mistakesDir, 'handwriting', drawn);
}
