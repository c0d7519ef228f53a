import type { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { poolOf } from './connect-database';
import { useConnection } from './use-connection.test-support';

const connection = useConnection();

it('writes the statements of one turn at once, and answers each', async () => {
  const client = await poolOf(connection.app).connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const writes = vi.spyOn(stream, '_writev');
  const answers = [1, 2, 3].map(
    async (n) => (await client.query<{ n: number }>('SELECT $1::integer AS n', [n])).rows[0]?.n,
  );
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
  expect(writes).toHaveBeenCalledTimes(1);
  writes.mockRestore();
  client.release();
});

it('sends what comes in a later turn although an answer is still awaited', async () => {
  const client = await poolOf(connection.app).connect();
  const slow = client.query('SELECT pg_sleep(0.2)');
  await new Promise((resolve) => setImmediate(resolve));
  const { rows } = await client.query<{ n: number }>('SELECT 7 AS n');
  expect(rows).toEqual([{ n: 7 }]);
  await slow;
  client.release();
});
