/** A source of numbers in [0, 1), each stream fixed by its seed. */
export type Random = () => number;

/**
 * Makes a seeded generator (sfc32, Chris Doty-Humphrey's PractRand). Several numbers name a stream of its
 * own, so that for example (seed, epoch) needs no state to be carried from one epoch to the next.
 */
export function createRandom(...seed: readonly number[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (const part of seed) {
    a ^= part | 0;
    b ^= Math.floor(part / 0x100000000) | 0;
    for (let i = 0; i < 12; i++) next();
  }
  return () => next() / 0x100000000;
}

/** A number of the standard normal distribution (Box-Muller). */
export function randomNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The numbers 0 to count - 1 in a random order (Fisher-Yates). */
export function permutation(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}
