import { defineConfig } from 'vitest/config';

/** `npm run mutation`: only the tests beside what is mutated, which say by themselves what it shall do. */
export default defineConfig({
  test: {
    include: ['src/core/convert/**/*.test.ts', 'src/core/preprocess/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
