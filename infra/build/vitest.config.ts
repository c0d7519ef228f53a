import { defineConfig } from 'vitest/config';
import { HANG_LIMIT_MS, WAIT_LIMIT_MS } from '../../libs/testing/src/hang-limit.ts';
import { sqlFunctions } from './sql-functions.js';
import { transformMessages } from './transform-messages.js';

/**
 * Suites by what they need: unit = nothing, int = a real PostgreSQL (and Redis), e2e = the built processes and a browser.
 * The limits of time are for what hangs; no test has one of its own. The files of a project share one module graph per worker,
 * for loading it takes longer than most of them run: a test may not mock a module, nor leave anything behind. The projects run as one
 * group, in the order of their names, so that no processor waits for the last suite of one of them: the longest suites are e2e's.
 */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [sqlFunctions(), transformMessages()],
  resolve: { tsconfigPaths: true },
  test: {
    testTimeout: HANG_LIMIT_MS,
    hookTimeout: HANG_LIMIT_MS,
    teardownTimeout: HANG_LIMIT_MS,
    expect: { poll: { timeout: WAIT_LIMIT_MS } },
    isolate: false,
    // They wait as much as they work.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.test.ts', 'infra/{local,build,bench,deploy}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.e2e.test.ts', '**/node_modules/**', '**/dist/**'],
          setupFiles: ['apps/portal/vitest-language-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{apps,libs}/**/*.int.test.ts', 'infra/{local,bench}/**/*.int.test.ts'],
          // Suites that are left to the project below, see test.js.
          exclude: ['**/node_modules/**', ...(process.env.TEST_EXCEPT?.split(',') ?? [])],
          globalSetup: ['libs/testing/src/vitest-postgres-setup.ts'],
        },
      },
      // Suites on another PostgreSQL than the packaged one, see test.js.
      ...(process.env.TEST_OLDEST_POSTGRES
        ? [
            {
              extends: true as const,
              test: {
                name: 'oldest',
                include: process.env.TEST_ON_OLDEST?.split(',').map((folder) => `${folder}/**/*.int.test.ts`),
                globalSetup: ['libs/testing/src/vitest-postgres-setup.ts'],
                env: { TEST_POSTGRES_BIN: process.env.TEST_OLDEST_POSTGRES },
              },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['apps/e2e/**/*.e2e.test.ts'],
          globalSetup: ['libs/testing/src/vitest-data-dir-setup.ts'],
        },
      },
      // Pictures of every page, which nobody takes but who asks: `npm run screenshots`.
      ...(process.env.SCREENSHOTS
        ? [
            {
              extends: true as const,
              test: { name: 'screenshots', include: ['apps/e2e/**/*.screenshots.ts'], sequence: { groupOrder: 1 } },
            },
          ]
        : []),
    ],
  },
});
