/** A source of numbers in [0, 1), each stream fixed by its seed. */
export type Random = () => number;

/** The bits of such a stream, for many draws at once. */
export interface RandomBits {
  /** Fills an array with the next ones. */
  fill(out: Uint32Array): void;
}

/** {@link createRandomBits}, as numbers in [0, 1): each is 32 bits of the same stream. */
export function createRandom(...seed: readonly number[]): Random {
  const bits = createRandomBits(...seed);
  const block = new Uint32Array(16);
  let next = block.length;
  return () => {
    if (next === block.length) {
      bits.fill(block);
      next = 0;
    }
    return block[next++]! / 0x100000000;
  };
}

const START = Int32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 1);
/** What a stream begins with is too much like its seed. */
const UNUSED = new Uint32Array(12);

/**
 * Makes a seeded generator (sfc32, Chris Doty-Humphrey's PractRand). Several numbers name a stream of its
 * own, so that for example (seed, epoch) needs no state to be carried from one epoch to the next.
 */
export function createRandomBits(...seed: readonly number[]): RandomBits {
  const state = START.slice();
  const fill = (out: Uint32Array): void => {
    // Kept in locals: read back from the array, they would make the loop take several times as long.
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let counter = state[3]!;
    for (let i = 0; i < out.length; i++) {
      const sum = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (c << 21) | (c >>> 11);
      c = (c + sum) | 0;
      out[i] = sum;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
  };
  for (const part of seed) {
    state[0]! ^= part | 0;
    state[1]! ^= Math.floor(part / 0x100000000) | 0;
    fill(UNUSED);
  }
  return { fill };
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
