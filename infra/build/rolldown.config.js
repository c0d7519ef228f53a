import { defineConfig } from 'rolldown';
import { sqlFunctions } from './sql-functions.js';

/** Every Node.js bundle of the workspace: output folder -> entry files. Packages stay external, our libs are inlined. */
const bundles = {
  'apps/ingress': { main: 'apps/ingress/src/main.ts' },
  'apps/worker': { main: 'apps/worker/src/main.ts' },
  'infra/local': {
    start: 'infra/local/src/start.ts',
    demo: 'infra/local/src/demo.ts',
    rollcall: 'infra/local/src/rollcall.ts',
  },
  'infra/bench': {
    bench: 'infra/bench/src/bench.ts',
    limit: 'infra/bench/src/limit/serve-limit.ts',
    'fixed-answer': 'infra/bench/src/load/serve-fixed-answer.ts',
  },
};

const selected = process.env.BUNDLE ? [process.env.BUNDLE] : Object.keys(bundles);

export default defineConfig(
  selected.map((folder) => ({
    input: bundles[folder],
    platform: 'node',
    tsconfig: 'tsconfig.base.json',
    external: (id) => !/^([./\0]|@rollcall\/|@oxc-project\/|virtual:)/.test(id),
    plugins: [sqlFunctions()],
    // keepNames: TypeORM table names, migration names and OpenAPI schema names come from class names.
    output: { dir: `dist/${folder}`, format: 'esm', sourcemap: true, cleanDir: true, keepNames: true },
  })),
);
