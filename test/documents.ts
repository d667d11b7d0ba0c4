import { existsSync, readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/** A piece of code in a document. */
export interface CodeBlock {
  readonly document: string;
  readonly language: string;
  readonly code: string;
}

export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...['CONTRIBUTING.md', 'SECURITY.md'].filter((path) => existsSync(path)),
  ...globSync('docs/**/*.md').sort(),
];

export const readDocument = (path: string) => readFileSync(path, 'utf8');

export function codeBlocks(language: string): CodeBlock[] {
  return DOCUMENTS.flatMap((document) =>
    [...readDocument(document).matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, found, code]) => ({
      document,
      language: found!,
      code: code!,
    })),
  ).filter((block) => block.language === language);
}

/** Every command line of the documents that begins so, in blocks and within sentences, each once. */
export function commandLines(start: string): string[] {
  const texts = DOCUMENTS.flatMap((document) => {
    const text = readDocument(document);
    const blocks = [...text.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```/gm)].flatMap(([, code]) =>
      code!.split('\n').flatMap((line) => line.replace(/^\$ /, '').replace(/ +#.*/, '').split(' && ')),
    );
    const inline = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
      ([, code]) => code!,
    );
    return [...blocks, ...inline];
  });
  return [...new Set(texts.map((line) => line.trim()).filter((line) => line.startsWith(start)))];
}
