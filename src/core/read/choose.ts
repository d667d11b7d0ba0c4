import type { Candidate, LineCandidates } from './candidates.js';

/** How digits are chosen among the candidates: a penalty is in units of the logarithm of a probability. */
const CHOICE = {
  /** A cut through ink costs this... */
  cut: 0.5,
  /** ...and this for each stroke's width of ink... */
  cutInk: 0.5,
  /** ...and this for a part that the classifier gives less than `surePart`: a letter holds a 1 and a rest. */
  unsurePart: 2,
  surePart: 0.95,
  /** Touching digits are wider than high: each digit's height that a piece lacks of that costs this a cut. */
  narrow: 5,
  /** What is no digit at all is not worse than this probability, lest any way to cut it be better. */
  leastProbability: 0.3,
  /** Pieces with paper between them are seldom one digit. */
  join: 0.1,
  /** For each digit's height of paper between. */
  joinGap: 2.5,
  /** Digits of much less than the line's height... */
  low: 2,
  /** ...or wider than high are seldom. */
  wide: 1,
};

/** A chosen candidate and how well the choice reads. */
export interface Choice {
  readonly candidates: readonly Candidate[];
  /** At most 0. */
  readonly score: number;
}

/**
 * Chooses the best way to read a line: the candidates, side by side, with the highest sum of the logarithms
 * of their probabilities, each weighted by its width, less the penalties (dynamic programming from left to right).
 *
 * @param confidence of each candidate, 0 to 1
 */
export function chooseCandidates(line: LineCandidates, confidence: (index: number) => number): Choice {
  const { atoms, candidates, digitHeight } = line;
  const scores = new Float64Array(atoms.length + 1).fill(Number.NEGATIVE_INFINITY);
  const last: (Candidate | undefined)[] = new Array(atoms.length + 1);
  scores[0] = 0;
  // By their ends, so that what comes before each is settled.
  const order = candidates
    .map((candidate, index) => ({ candidate, index }))
    .sort((a, b) => a.candidate.end - b.candidate.end);
  for (const { candidate, index } of order) {
    const probability = confidence(index);
    const own = Math.log(Math.max(CHOICE.leastProbability, probability)) * candidate.weight;
    const unsure = isCut(candidate, line) && probability < CHOICE.surePart ? CHOICE.unsurePart : 0;
    const score = scores[candidate.start]! + own - unsure - penalty(candidate, line, digitHeight);
    if (score > scores[candidate.end]!) {
      scores[candidate.end] = score;
      last[candidate.end] = candidate;
    }
  }
  const chosen: Candidate[] = [];
  for (let end = atoms.length; end > 0; end = chosen[0]!.start) chosen.unshift(last[end]!);
  return { candidates: chosen, score: scores[atoms.length]! };
}

/** Whether a cut through ink bounds it. */
function isCut({ start, end }: Candidate, { atoms }: LineCandidates): boolean {
  return atoms[start]!.cut !== undefined || atoms[end]?.cut !== undefined;
}

function penalty(candidate: Candidate, { atoms }: LineCandidates, digitHeight: number): number {
  const { start, end, blob, gap } = candidate;
  let sum = 0;
  const cut = atoms[start]!.cut;
  if (cut !== undefined) {
    sum += CHOICE.cut + CHOICE.cutInk * cut + CHOICE.narrow * Math.max(0, 1 - atoms[start]!.pieceWidth);
  }
  const isJoined = atoms.slice(start + 1, end).some((atom) => atom.cut === undefined);
  if (isJoined) sum += CHOICE.join + CHOICE.joinGap * Math.max(0, gap);
  sum += CHOICE.low * Math.max(0, 0.6 - blob.box.height / digitHeight);
  sum += CHOICE.wide * Math.max(0, blob.box.width / blob.box.height - 1.1);
  return sum;
}
