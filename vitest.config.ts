import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'fuzz/**/*.test.ts'],
    // Native addons (TensorFlow, onnxruntime, sharp) want a process of their own, and two cores carry two.
    pool: 'forks',
    // Commands that tests start write plain text, also where a CI service asks for colours.
    env: { NO_COLOR: '1' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Pages take long on a machine with much else to do.
    expect: { poll: { timeout: 20_000 } },
    // `npm run coverage`; what tests run in processes of their own (the built command line) does not count.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Programs that only ever run as processes of their own, and generated code.
      exclude: [
        'src/**/*.test.ts',
        'src/cli/{main,quickstart}.ts',
        'src/**/verify-child.ts',
        'src/core/onnx/generated/**',
      ],
      // scripts/coverage.mjs holds the bars.
      reporter: ['json-summary', 'html'],
    },
  },
});
