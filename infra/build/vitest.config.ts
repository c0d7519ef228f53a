import { defineConfig } from 'vitest/config';
import { sqlFiles } from './sql-files.js';

/** Suites by what they need: unit = nothing, int = a real PostgreSQL (and Redis), e2e = the built processes and a browser. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [sqlFiles()],
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.test.ts', 'infra/{local,build,bench}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.e2e.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{apps,libs}/**/*.int.test.ts', 'infra/local/**/*.int.test.ts'],
          globalSetup: ['libs/testing/src/vitest-postgres-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['apps/e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
