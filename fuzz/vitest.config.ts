import { defineConfig } from 'vitest/config';

/** `npm run fuzz`: all parsers on 1,000,000 damaged inputs, or on as many as FUZZ_CASES says. */
export default defineConfig({
  test: {
    include: ['fuzz/**/*.test.ts'],
    pool: 'forks',
    env: { FUZZ_CASES: process.env.FUZZ_CASES ?? '1000000' },
  },
});
