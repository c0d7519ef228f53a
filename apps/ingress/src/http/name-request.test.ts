import { expect, it } from 'vitest';
import { namesOf, sentName, traceIdOf } from './name-request';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

it.each(['b7e2', 'a4f0c1d2-91ab-4c3e-8f0e-1234567890ab', 'Root=1-67891233-abcdef012345678912345678', 'x'.repeat(128)])(
  'takes the name %s that a sender gives its request',
  (name) => expect(sentName({ 'x-request-id': name })).toBe(name),
);

it.each([
  ['nothing', undefined],
  ['no characters', ''],
  ['more than 128 characters', 'x'.repeat(129)],
  ['a space', 'a b'],
  ['a line break', 'a\nb'],
  ['what would be two names', 'a, b'],
  ['what is not ASCII', 'ä'],
  ['markup', '<script>'],
  ['the form of our own names', 'req_01kag3v2q9x8w7n6m5k4j3h2g1'],
])('passes over %s', (_, name) => expect(sentName({ 'x-request-id': name })).toBeNull());

it('reads the trace of a traceparent, of a later version too', () => {
  expect(traceIdOf({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` })).toBe(TRACE);
  expect(traceIdOf({ traceparent: `01-${TRACE}-b7ad6b7169203331-00-more` })).toBe(TRACE);
});

it.each([
  `ff-${TRACE}-b7ad6b7169203331-01`,
  `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}`,
  '',
])('reads no trace of %j', (traceparent) => expect(traceIdOf({ traceparent })).toBeUndefined());

it('names a request in the log by its id, and by its trace when there is one', () => {
  expect(namesOf({ id: 'b7e2', headers: {} })).toEqual({ request_id: 'b7e2' });
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  expect(namesOf({ id: 'b7e2', headers: { traceparent } })).toEqual({ request_id: 'b7e2', trace_id: TRACE });
});
