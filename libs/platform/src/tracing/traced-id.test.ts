import { expect, it } from 'vitest';
import { newId } from '../new-id';
import { readTracedId, tracedId } from './traced-id';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('keeps the trace of a request behind its id, and gives both back', () => {
  const id = newId();
  const stored = tracedId(id, TRACEPARENT);
  expect(stored.startsWith(`${id}:`)).toBe(true);
  expect(readTracedId(stored)).toEqual({ id, traceparent: TRACEPARENT });
});

it.each([null, undefined, '', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'])(
  'keeps the id alone without a trace that is kept: %s',
  (traceparent) => {
    const id = newId();
    expect(tracedId(id, traceparent)).toBe(id);
    expect(readTracedId(id)).toEqual({ id, traceparent: null });
  },
);

it('stores ids of one request between its id and the next sign, whatever their trace', () => {
  const [id, other] = [newId(), newId()];
  const between = (text: string) => text >= id && text < `${id};`;
  expect([id, tracedId(id, TRACEPARENT), other, tracedId(other, TRACEPARENT)].map(between)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
