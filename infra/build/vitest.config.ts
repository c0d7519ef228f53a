import { defineConfig } from 'vitest/config';
import { HANG_LIMIT_MS, WAIT_LIMIT_MS } from '../../libs/testing/src/hang-limit.ts';
import { sqlFunctions } from './sql-functions.js';
import { transformMessages } from './transform-messages.js';

/**
 * Suites by what they need: unit = nothing, int = a real PostgreSQL (and Redis), e2e = the built processes and a browser.
 * The limits of time are for what hangs; no test has one of its own. The files of a project share one module graph per worker,
 * for loading it takes longer than most of them run: a test may not mock a module, nor leave anything behind.
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
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/**/*.test.ts', 'infra/{local,build,bench,deploy}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.e2e.test.ts', '**/node_modules/**', '**/dist/**'],
          setupFiles: ['apps/portal/vitest-language-setup.ts'],
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{apps,libs}/**/*.int.test.ts', 'infra/{local,bench}/**/*.int.test.ts'],
          // Suites that this run leaves to another one, see test.js.
          exclude: ['**/node_modules/**', ...(process.env.TEST_EXCEPT?.split(',') ?? [])],
          globalSetup: ['libs/testing/src/vitest-postgres-setup.ts'],
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['apps/e2e/**/*.e2e.test.ts'],
          globalSetup: ['libs/testing/src/vitest-data-dir-setup.ts'],
          isolate: false,
          // They wait more than they work.
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
      // Pictures of every page, which nobody takes but who asks: `npm run screenshots`.
      ...(process.env.SCREENSHOTS
        ? [
            {
              extends: true as const,
              test: { name: 'screenshots', include: ['apps/e2e/**/*.screenshots.ts'], sequence: { groupOrder: 3 } },
            },
          ]
        : []),
    ],
  },
});
