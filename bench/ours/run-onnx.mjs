// Run by `npm run bench -- inference` in a process of its own; the settings are its argument, as JSON.
import { measureSpeed } from '../../dist/core/benchmark.js';
import { createNodeSession } from '../../dist/node/runtime/index.js';

const { modelPath, info, sizes, seconds } = JSON.parse(process.argv[2]);
const session = await createNodeSession(modelPath, { device: 'cpu' });
const options = { batchSizes: sizes, durationMs: 1000 * seconds };
const { alone, batches } = await measureSpeed(session, info, options, { now: () => performance.now() });
const runMs = { 1: alone.p50Ms };
for (const { batchSize, imagesPerSecond } of batches) runMs[batchSize] = (1000 * batchSize) / imagesPerSecond;
await session.release();
console.log(JSON.stringify({ runMs }));
