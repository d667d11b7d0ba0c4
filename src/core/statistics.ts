/** A range that holds the true value with the probability that the interval was made for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The standard normal distribution's 97.5% point: two-sided 95%. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's 95% score interval of a share, which stays within 0 to 1 and is of use near both (E. B. Wilson,
 * Journal of the American Statistical Association 22, 1927).
 *
 * @param successes of `count` trials; with no trials the share is anything from 0 to 1.
 */
export function wilsonInterval(successes: number, count: number): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const share = successes / count;
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (Z_95 / (1 + z2 / count)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === count ? 1 : Math.min(1, centre + half),
  };
}

/** McNemar's test of two classifiers on the same images. */
export interface McNemar {
  /** Images that the first alone has right. */
  readonly onlyFirst: number;
  /** Images that the second alone has right. */
  readonly onlySecond: number;
  /** The probability of a split at least as uneven if both were equally good; two-sided and exact. */
  readonly pValue: number;
}

/**
 * Tests whether two classifiers differ by more than chance, by the images on which just one is right (Q.
 * McNemar, Psychometrika 12, 1947; the exact binomial form).
 *
 * @param first whether each image was right [N]
 * @param second likewise, of the same images
 */
export function mcnemarTest(first: readonly boolean[], second: readonly boolean[]): McNemar {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    if (!first[i] && second[i]) onlySecond++;
  }
  const lower = Math.min(onlyFirst, onlySecond);
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * binomialTail(lower, onlyFirst + onlySecond)) };
}

/** P(X <= most) of `trials` tosses of a fair coin. */
function binomialTail(most: number, trials: number): number {
  // By logarithms: 2^-trials alone is below what a float holds from 1075 on.
  let logTerm = -trials * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= most; k++) {
    logTerm += Math.log((trials - k + 1) / k);
    sum += Math.exp(logTerm);
  }
  return sum;
}
