import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@rollcall/platform';
import { waitUntil } from '@rollcall/testing';
import { afterAll, expect, it } from 'vitest';
import { superviseProcess } from './supervise-process';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-supervise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function supervise(program: string) {
  const file = join(folder, `${Math.random()}.mjs`);
  const log = `${file}.log`;
  writeFileSync(log, '');
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs'; appendFileSync(process.env.LOG, 'x');\n${program}`,
  );
  const hopeless: string[] = [];
  const supervised = superviseProcess({
    name: 'program',
    file,
    inherited: { LOG: log },
    environment: async () => ({}),
    logger: createLogger('test', { level: 'fatal' }),
    onHopeless: (reason) => hopeless.push(reason),
  });
  return { supervised, hopeless, readLog: () => readFileSync(log, 'utf8') };
}

it('starts a program again that ended after it had served, and ends it when told to', async () => {
  const { supervised, hopeless, readLog } = supervise(`
    process.send({ ready: true });
    if (readFileSync(process.env.LOG, 'utf8').length < 3) setTimeout(() => process.exit(1), 20);
    process.on('SIGTERM', () => { appendFileSync(process.env.LOG, 'stopped'); process.exit(0); });
    if (readFileSync(process.env.LOG, 'utf8').length === 3) appendFileSync(process.env.LOG, '+');
    setInterval(() => {}, 1000);`);
  await supervised.ready;
  await waitUntil(() => readLog() === 'xxx+');
  await supervised.stop(5_000);
  expect(readLog()).toBe('xxx+stopped');
  expect(hopeless).toEqual([]);
});

it('kills a program that does not end in time', async () => {
  const { supervised } = supervise(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ ready: true });`,
  );
  await supervised.ready;
  // It has to be killed for this to resolve.
  await expect(supervised.stop(300)).resolves.toBeUndefined();
});

it('gives up at once on a configuration that cannot work', async () => {
  const { hopeless } = supervise('process.exit(78);');
  await waitUntil(() => hopeless.length > 0);
  expect(hopeless).toEqual(['The program cannot run with this configuration: see above.']);
});

it('gives up after five tries on a program that never comes to serve', async () => {
  const { hopeless } = supervise('process.exit(1);');
  await waitUntil(() => hopeless.length > 0);
  expect(hopeless).toEqual(['The program has ended 5 times before it served: see above.']);
});

it('loads a program while its environment is being prepared, and tells it then', async () => {
  const log = join(folder, 'waiting.log');
  const file = join(folder, 'waiting.mjs');
  writeFileSync(log, '');
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';
     appendFileSync(process.env.LOG, 'loaded ');
     process.once('message', ({ environment }) => { appendFileSync(process.env.LOG, environment.SECRET); process.send({ ready: true }); });`,
  );
  let prepare: (environment: NodeJS.ProcessEnv) => void = () => undefined;
  const prepared = new Promise<NodeJS.ProcessEnv>((resolve) => (prepare = resolve));
  const supervised = superviseProcess({
    name: 'program',
    file,
    inherited: { LOG: log },
    environment: () => prepared,
    logger: createLogger('test', { level: 'fatal' }),
    onHopeless: () => undefined,
  });
  await waitUntil(() => readFileSync(log, 'utf8') === 'loaded ');
  prepare({ SECRET: 'told' });
  await supervised.ready;
  await supervised.stop(5_000);
  expect(readFileSync(log, 'utf8')).toBe('loaded told');
});
