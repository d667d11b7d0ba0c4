import { setFlagsFromString } from 'node:v8';

/**
 * Tunes V8 to many images, for the whole process; results stay the same. Each new thread undoes a part, and calls it
 * too. Only once all is loaded: with other flags than at its build, Node compiles its own modules anew, which doubles
 * the time that a thread takes to start.
 */
export function tuneV8(): void {
  keepMemoryFlat();
  compileSparingly();
}

/** Keeps the heap near the size that it needs: nearly all that is made for an image is garbage after it, so that more room takes memory and saves no time. */
function keepMemoryFlat(): void {
  // The young generation stays as it is; the old one is collected when it has grown by a tenth.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=10');
}

/**
 * Has V8 turn each function into plain machine code at once, and spend time on the fastest code only for what runs
 * four times as long as usual: over some thousand small images that work, done again in each thread, takes longer
 * than it saves.
 */
function compileSparingly(): void {
  setFlagsFromString('--always-sparkplug');
  optimizeSparingly();
}

/** The part of it that pays while a folder of thousands of images is listed, already. */
export function optimizeSparingly(): void {
  // Later V8 has another compiler in between instead, and does not know this.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=540672');
}
