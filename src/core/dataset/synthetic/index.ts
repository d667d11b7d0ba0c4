export { DIGIT_STYLES } from './digits/index.js';
export type { Style } from './digits/style.js';
export {
  type DrawDigitOnCanvasOptions,
  type DrawDigitOptions,
  drawDigit,
  drawDigitOnCanvas,
} from './draw-digit.js';
export {
  createSyntheticSplits,
  type GenerateSyntheticOptions,
  generateSynthetic,
  type SyntheticSplits,
  type SyntheticSplitsOptions,
  syntheticSplitsSteps,
  syntheticSteps,
} from './generate.js';
