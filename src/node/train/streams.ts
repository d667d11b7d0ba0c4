import { createRandom, createRandomBits, type Random, type RandomBits } from '../../core/random.js';

/**
 * What randomness is drawn for. Each use has a stream of its own, named by the run's seed and the place in
 * the run, so that no random state needs saving and a resumed run draws what the uninterrupted one would.
 */
const STREAMS = { weights: 1, split: 2, order: 3, dropout: 4, augment: 5, additions: 6 } as const;

/** The stream of a use at a place, for example `randomFor('dropout', seed, epoch, step)`. */
export function randomFor(use: keyof typeof STREAMS, seed: number, ...place: number[]): Random {
  return createRandom(seed, STREAMS[use], ...place);
}

/** The same stream's bits, for many draws at once. */
export function randomBitsFor(use: keyof typeof STREAMS, seed: number, ...place: number[]): RandomBits {
  return createRandomBits(seed, STREAMS[use], ...place);
}
