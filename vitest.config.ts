import { defineConfig } from 'vitest/config';

/** A file for the totals as JSON: `.ci/run` prints them last. */
const totals = process.env.VITEST_TOTALS;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/registries.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: totals === undefined ? ['default'] : ['default', ['json', { outputFile: totals }]],
  },
});
