import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** How a body is compressed; `identity` not at all. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** Something that is served: a file in the forms that it lies in, or bytes that are made when asked for. */
export interface Served {
  readonly type: string;
  /** Its address changes with its content. */
  readonly isImmutable: boolean;
  readonly content:
    | { readonly kind: 'files'; readonly paths: Partial<Record<Encoding, string>> }
    | { readonly kind: 'bytes'; readonly make: () => Promise<Uint8Array> };
}

/** Everything that is served, by its address from the first `/` on. What is not in it does not exist. */
export type FileTable = Map<string, Served>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};

const ENCODINGS: Readonly<Record<string, Encoding>> = { '.br': 'br', '.gz': 'gzip' };

/** Folders whose files carry the hash of their content, or a version, in their address. */
const IMMUTABLE = /^\/(assets|parity|onnxruntime-web-[^/]+)\//;

/**
 * Lists a folder with all below it; of `x.js`, `x.js.br` and `x.js.gz` it makes one entry. Symbolic links are
 * left out, so that nothing outside the folder is reached.
 */
export async function listFiles(folder: string, address = '/'): Promise<FileTable> {
  const table: FileTable = new Map();
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const [key, served] of await listFiles(path, `${address}${entry.name}/`)) table.set(key, served);
    } else if (entry.isFile()) {
      addFile(table, `${address}${entry.name}`, path);
    }
  }
  return table;
}

/** Adds a file, as one more form of what stands there already where its name says so. */
export function addFile(table: FileTable, address: string, path: string): void {
  const encoding = ENCODINGS[extname(address)] ?? 'identity';
  const plain = encoding === 'identity' ? address : address.slice(0, -extname(address).length);
  const content = table.get(plain)?.content;
  const paths = { ...(content?.kind === 'files' ? content.paths : {}), [encoding]: path };
  table.set(plain, { ...typeOf(plain), content: { kind: 'files', paths } });
}

/** Adds, or replaces, something that is made when it is asked for. */
export function addBytes(table: FileTable, address: string, make: () => Promise<Uint8Array>): void {
  table.set(address, { ...typeOf(address), content: { kind: 'bytes', make } });
}

function typeOf(address: string): Pick<Served, 'type' | 'isImmutable'> {
  return {
    type: TYPES[extname(address)] ?? 'application/octet-stream',
    isImmutable: IMMUTABLE.test(address),
  };
}
