import { PORTAL_EMBEDDED_HEADER } from '@rollcall/contract';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { download } from './download';
import { PortalError } from './portal-error';

const answer = { status: 200, body: 'name\r\n' };
const asked: { url: string; headers: Headers }[] = [];

beforeAll(() => {
  vi.stubGlobal('fetch', (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push({ url, headers: new Headers(headers) });
    return Promise.resolve(new Response(answer.body, { status: answer.status }));
  });
});

afterAll(() => void vi.unstubAllGlobals());

beforeEach(() => {
  Object.assign(answer, { status: 200, body: 'name\r\n' });
  asked.length = 0;
});

const read = () => download('/portal/api/users.csv', { query: { search: 'ada', group: '' }, accept: 'text/csv' });

it('asks for a file in its form and as it is narrowed', async () => {
  expect(await (await read()).text()).toBe('name\r\n');
  expect(asked.map(({ url, headers }) => [url, headers.get('accept')])).toEqual([
    ['/portal/api/users.csv?search=ada', 'text/csv'],
  ]);
  expect(asked[0]?.headers.has(PORTAL_EMBEDDED_HEADER)).toBe(false);
});

it('says in a frame that it is one, so that the frame’s session is taken', async () => {
  // Another page than the one that is shown is around it.
  vi.stubGlobal('parent', {});
  await read();
  expect(asked[0]?.headers.has(PORTAL_EMBEDDED_HEADER)).toBe(true);
});

it('is refused with the server’s code', async () => {
  Object.assign(answer, { status: 403, body: '{"error":{"code":"role_required","message":"Ask an owner."}}' });
  const refusal = await read().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PortalError);
  expect(refusal).toMatchObject({ status: 403, code: 'role_required' });
});
