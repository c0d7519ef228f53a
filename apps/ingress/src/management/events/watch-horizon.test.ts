import { createLogger, createMetrics } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { watchHorizon } from './watch-horizon';

function start() {
  const lines: string[] = [];
  const time = { now: 0 };
  const logger = createLogger('test', { level: 'warn', destination: { write: (line: string) => lines.push(line) } });
  const metrics = createMetrics('test');
  const saw = watchHorizon({ logger, metrics }, () => time.now);
  const seconds = async () => {
    const series = await metrics.series();
    return series.find(({ name }) => name === 'rollcall_feed_held_seconds')?.values[0]?.value;
  };
  const warnings = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { time, saw, seconds, warnings };
}

it('says how long the same transaction has held the feed, and warns from half a minute on', async () => {
  const { time, saw, seconds, warnings } = start();
  for (time.now of [0, 10_000, 29_000]) saw('7');
  expect(await seconds()).toBe(29);
  expect(warnings()).toEqual([]);
  for (time.now of [31_000, 40_000, 92_000]) saw('7');
  expect(warnings()).toMatchObject([
    { msg: 'feed.held_by_open_transaction', transaction_id: '7', seconds: 31 },
    { msg: 'feed.held_by_open_transaction', transaction_id: '7', seconds: 92 },
  ]);
});

it('begins anew with another transaction, and is at rest with none', async () => {
  const { time, saw, seconds, warnings } = start();
  saw('7');
  time.now = 29_000;
  saw('8');
  time.now = 40_000;
  saw('8');
  expect(await seconds()).toBe(11);
  saw(null);
  time.now = 99_000;
  expect(await seconds()).toBe(0);
  expect(warnings()).toEqual([]);
});
