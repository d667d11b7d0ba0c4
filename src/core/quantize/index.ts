export { toFloat16 } from './float16.js';
export { calibrationTargets, toInt8 } from './int8.js';
export { type CalibrationMethod, type Range, RangeCollector } from './ranges.js';
