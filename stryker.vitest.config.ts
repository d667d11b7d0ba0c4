import { defineConfig } from 'vitest/config';

/**
 * `npm run mutation`: only the tests beside what is mutated, which say by themselves what it shall do. A part alone:
 * MUTATION_TESTS=src/core/preprocess/mnist-form.test.ts npm run mutation -- --mutate src/core/preprocess/mnist-form.ts
 */
const tests = process.env.MUTATION_TESTS ?? 'src/core/{convert,preprocess,read}/**/*.test.ts';

export default defineConfig({ test: { include: [tests], testTimeout: 120_000 } });
