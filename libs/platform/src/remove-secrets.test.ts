import { expect, it } from 'vitest';
import { removeSecrets } from './remove-secrets';

it('gives back what has no secret as it is, without looking for others in errors or further down', () => {
  const fields = { status: 200, error: Object.assign(new Error('x'), { token: 't' }), a: { b: { c: { token: 't' } } } };
  expect(removeSecrets(fields)).toBe(fields);
});

it('leaves secrets out up to two objects deep, in lists too, and changes nothing of what it was given', () => {
  const fields = { token: 't', a: { secret: 's', b: { body: 'b', ok: 1 } }, list: [{ password: 'p', ok: 2 }, null, 3] };
  const before = structuredClone(fields);
  expect(removeSecrets(fields)).toEqual({ a: { b: { ok: 1 } }, list: [{ ok: 2 }, null, 3] });
  expect(fields).toEqual(before);
});
