import { expect, it } from 'vitest';
import { waitUntil } from './wait-until';

it('answers with the first answer that is truthy', async () => {
  const answers = [0, null, 'there', 'later'];
  expect(await waitUntil(() => answers.shift(), { intervalMs: 1 })).toBe('there');
});

it('says what it waited for and what it last saw', async () => {
  await expect(waitUntil(() => 0, { limitMs: 5, what: 'the first delivery' })).rejects.toThrow(
    'the first delivery did not happen within 0.005 s. Last seen: 0',
  );
  const seen = { users: 3 };
  await expect(waitUntil(() => false, { limitMs: 5, saw: () => seen })).rejects.toThrow('Last seen: { users: 3 }');
});

it('passes on the error of a check, which means that waiting is useless', async () => {
  const check = () => Promise.reject(new Error('the process has ended'));
  await expect(waitUntil(check)).rejects.toThrow('the process has ended');
});
