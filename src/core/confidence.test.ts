import { expect, test } from 'vitest';
import { chooseConfidence, evidenceRows } from './confidence.js';
import { createRandom } from './random.js';

/** Logits of a classifier that is right as often as its probabilities say, then sharpened by `factor`. */
function honestLogits(count: number, factor: number) {
  const random = createRandom(3);
  const logits = new Float32Array(count * 3);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const share = 0.4 + 0.59 * random();
    labels[i] = random() < share ? 0 : random() < 0.5 ? 1 : 2;
    logits.set(
      [Math.log(share) * factor, Math.log((1 - share) / 2) * factor, Math.log((1 - share) / 2) * factor],
      i * 3,
    );
  }
  return { logits, labels };
}

test('the temperature undoes a sharpening of honest logits', () => {
  for (const factor of [0.5, 1, 3]) {
    const plain = honestLogits(20_000, factor);
    const { temperature } = chooseConfidence({ plain, varied: plain, classCount: 3 });
    expect(temperature / factor).toBeGreaterThan(0.93);
    expect(temperature / factor).toBeLessThan(1.07);
  }
});

test('each step of the search for the temperature computes one more loss', () => {
  const plain = honestLogits(100, 2);
  let passes = 0;
  const map = plain.logits.map.bind(plain.logits);
  plain.logits.map = (each) => {
    passes++;
    return map(each);
  };
  expect(chooseConfidence({ plain, varied: honestLogits(100, 2), classCount: 3 }).temperature).toBe(1.9863);
  // Thirty steps, after the two points that the first one begins with.
  expect(passes).toBe(32);
});

test('the thresholds mark few of the right readings', () => {
  const plain = honestLogits(20_000, 1);
  const { minProbability, minEvidence } = chooseConfidence({ plain, varied: plain, classCount: 3 });
  // Right readings of the least sure kind have a probability just above 0.4.
  expect(minProbability).toBe(0.4);
  expect(minEvidence).toBeGreaterThan(0);
  expect(minEvidence).toBeLessThan(0.4);
});

test('nothing right leaves nothing to rely on: no threshold above 0', () => {
  const nothing = { logits: Float32Array.of(0, 1), labels: Uint8Array.of(0) };
  expect(chooseConfidence({ plain: nothing, varied: nothing, classCount: 2 })).toMatchObject({
    minProbability: 0,
    minEvidence: 0,
  });
});

test('evidence is low for what resembles no class, and high also where two are alike', () => {
  const [none, one, two] = evidenceRows(Float32Array.of(1, 1, 1, 1, 9, 0, 0, 0, 9, 9, 0, 0), 4);
  expect([none, one, two]).toEqual([0, 6.75, 4.5]);
});
