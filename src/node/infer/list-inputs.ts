import { opendir, stat } from 'node:fs/promises';
import { extname, isAbsolute, join } from 'node:path';
import { fileErrorReason } from '../files.js';

/** One image to read, or a reason why a given input names none. */
export type Input =
  | { readonly file: string; readonly error?: undefined }
  | { readonly file: string; readonly error: string };

/** The name that stands for standard input. */
export const STDIN = '-';

/**
 * What counts as an image inside a folder. Formats that sharp cannot read are listed too: a photo that is
 * passed over in silence is worse than an error.
 */
const IMAGE_EXTENSIONS = new Set(
  '.png .apng .jpg .jpeg .jpe .jfif .webp .gif .tif .tiff .avif .svg .heic .heif .bmp .jp2 .jxl .pgm .ppm .pbm'.split(
    ' ',
  ),
);

/**
 * Lists the images that files, folders (with all below them) and glob patterns name, in a fixed order: that
 * of the inputs, and by name within each. Holds one folder's names at a time, not the whole list.
 */
export async function* listInputs(inputs: readonly string[]): AsyncGenerator<Input> {
  for (const input of inputs) {
    if (input === STDIN) yield { file: input };
    else yield* listInput(input);
  }
}

async function* listInput(input: string): AsyncGenerator<Input> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(input)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && isPattern(input)) yield* listPattern(input);
    else yield { file: input, error: fileErrorReason(error) };
    return;
  }
  if (!isFolder) return void (yield { file: input });
  let count = 0;
  for await (const found of listFolder(input)) {
    count++;
    yield found;
  }
  if (count === 0) yield { file: input, error: 'there are no images in this folder' };
}

/** Images by their extension, folders in their place among the names; hidden ones are left out. */
async function* listFolder(folder: string): AsyncGenerator<Input> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) names.push(`${entry.name}/`);
      else if (IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase())) names.push(entry.name);
    }
  } catch (error) {
    yield { file: folder, error: fileErrorReason(error) };
    return;
  }
  names.sort();
  for (const name of names) {
    if (name.endsWith('/')) yield* listFolder(join(folder, name.slice(0, -1)));
    else yield { file: join(folder, name) };
  }
}

function isPattern(input: string): boolean {
  return /[*?[{]/.test(input);
}

async function* listPattern(pattern: string): AsyncGenerator<Input> {
  const { glob } = await import('tinyglobby');
  const files = await glob(pattern, {
    expandDirectories: false,
    followSymbolicLinks: false,
    absolute: isAbsolute(pattern),
  });
  files.sort();
  for (const file of files) yield { file };
  if (files.length === 0) yield { file: pattern, error: 'no file matches this pattern' };
}
