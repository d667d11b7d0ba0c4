import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { keptThreads } from './scripts/kept-thread.mjs';

/** Quick tests first: the first that fails ends a mutant's run. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const took = ({ project, moduleId }: TestSpecification) =>
      this.ctx.cache.getFileTestResults(`${project.name}:${moduleId.slice(project.config.root.length + 1)}`)
        ?.duration ?? 0;
    return files.sort((a, b) => took(a) - took(b));
  }
}

export default defineConfig({
  plugins: [keptThreads],
  test: {
    // scripts/mutation.mjs names the tests of what is mutated.
    include: process.env.MUTATION_TESTS?.split(','),
    setupFiles: ['./scripts/kept-thread-setup.mjs'],
    sequence: { sequencer: QuickFirst },
    testTimeout: 120_000,
  },
});
