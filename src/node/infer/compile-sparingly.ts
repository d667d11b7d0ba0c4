import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 turn each function into plain machine code at once, and spend time on the fastest code only for what runs
 * four times as long as usual: over some thousand small images that work, done again in each thread, takes longer
 * than it saves. For the whole process, its later threads too; results stay the same.
 */
export function compileSparingly(): void {
  setFlagsFromString('--always-sparkplug');
  // Later V8 has another compiler in between instead, and does not know this.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=540672');
}
