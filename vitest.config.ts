import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Native addons (TensorFlow, onnxruntime, sharp) want a process of their own, and two cores carry two.
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
