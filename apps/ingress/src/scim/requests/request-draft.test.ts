import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { beginDraft, noteAnswer, noteBody } from './request-draft';
import type { RequestDraft } from './request-draft';

function begin(bodyLength = 0) {
  const request: Pick<FastifyRequest, 'scimDraft' | 'bodyLength'> = { scimDraft: null, bodyLength };
  beginDraft(request, { directoryId: 'd', secretId: 's', hasChanged: false }, false);
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
