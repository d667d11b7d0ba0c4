import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What the compiler says of TypeScript that imports the built package by its name; empty where all is well. */
export async function typeErrors(name: string, sources: readonly string[]): Promise<string> {
  // In the package, so that it can be imported by its name.
  const folder = resolve('dist', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = sources.map((_, i) => `block-${i}.ts`);
  for (const [i, source] of sources.entries()) await writeFile(join(folder, files[i]!), source);
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2023', 'dom'], strict: true, noEmit: true },
    ...{ skipLibCheck: true, types: ['node'] },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const { stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], {
    encoding: 'utf8',
  });
  await rm(folder, { recursive: true, force: true });
  return stdout;
}
