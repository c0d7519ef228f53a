import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { beginDraft, noteAnswer, noteBody } from './request-draft';
import type { RequestDraft } from './request-draft';

function begin(bodyLength = 0, whole = false) {
  const request: Pick<FastifyRequest, 'scimDraft' | 'bodyLength'> = { scimDraft: null, bodyLength };
  beginDraft(request, { directoryId: 'd', secretId: 's', requestId: 'r', hasChanged: false }, whole);
  return { request, draft: request.scimDraft as unknown as RequestDraft };
}

it('goes on with a request of which something cannot be told, and remembers why', () => {
  const { request, draft } = begin();
  const error = new Error('unreadable');
  noteBody(request, {
    get userName(): string {
      throw error;
    },
  });
  expect(draft.failure).toEqual({ error });
});

it('has of a large body and a large answer how many bytes they had, in whatever script', () => {
  const { request, draft } = begin(40_000);
  noteBody(request, { userName: 'ann' });
  noteAnswer({ request }, { body: JSON.stringify('я'.repeat(10_000)) });
  expect(draft).toMatchObject({
    body: '{"omitted":true,"bytes":40000}',
    answer: { body: null, bytes: 20_002 },
    userNameKey: null,
  });
});

it('keeps an answer that fits until it is redacted', () => {
  const { request, draft } = begin();
  const body = JSON.stringify('x'.repeat(10_000));
  noteAnswer({ request }, { body, location: 'https://directory.test/Users/1' });
  expect(draft).toMatchObject({
    answer: { body, bytes: 10_002 },
    location: 'https://directory.test/Users/1',
    failure: null,
  });
});

it.each([
  ['what is told of it instead', false, { body: null, bytes: 0, logged: '{"id":"1"}' }],
  [
    'all of it where bodies are kept whole',
    true,
    { body: '{"id":"1","title":"CEO"}', bytes: 24, logged: '{"id":"1"}' },
  ],
])('keeps of an answer to a write %s', (_what, whole, answer) => {
  const { request, draft } = begin(0, whole);
  noteAnswer({ request }, { body: '{"id":"1","title":"CEO"}', logged: '{"id":"1"}' });
  expect(draft.answer).toEqual(answer);
});
