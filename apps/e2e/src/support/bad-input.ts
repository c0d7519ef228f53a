import { buildOktaUser, type RunningRollcall, startRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { createDirectory, type ReadyDirectory } from './create-directory';
import { patchBody } from './patch-body';
import { type RawAnswer, type RawRequest, sendRaw } from './send-raw';

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const MEGABYTE = 1024 * 1024;
export const NOBODY = '0'.repeat(26);
/** What no answer may tell: stack traces, files, statements. */
const INTERNALS = /node_modules|\.js:\d|\bat \w+.*\(|SELECT |INSERT |postgres|typeorm/i;

export let rollcall: RunningRollcall;
export let directory: ReadyDirectory;
export let accessToken: string;
export let user: { id: string; userName: string };
export let group: { id: string };

/** Registers the hooks that start and stop a server with a directory, a user and a group, for the length of a test file. */
export function useServer(): void {
  beforeAll(async () => {
    rollcall = await startRollcall();
    [directory, accessToken] = await Promise.all([createDirectory(rollcall), rollcall.accessToken()]);
    user = JSON.parse((await scim('POST', '/Users', { body: json(buildOktaUser(1)) })).text) as typeof user;
    const members = [{ value: user.id }];
    group = JSON.parse(
      (await scim('POST', '/Groups', { body: json({ displayName: 'G', members }) })).text,
    ) as typeof group;
  });
  afterAll(() => rollcall?.stop());
}

/** A PATCH body. */
export const patch = (...operations: unknown[]): string => json(patchBody(...operations));
export const json = (value: unknown): string => JSON.stringify(value);

/** A SCIM request to the directory, as its identity provider sends it unless told otherwise. */
export function scim(
  method: string,
  path: string,
  { headers, body }: RawRequest = {},
  at = directory,
): Promise<RawAnswer> {
  return sendRaw(rollcall.baseUrl, `${new URL(at.scimUrl).pathname}${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${at.token}`, 'content-type': 'application/scim+json', ...headers },
  });
}

/** A management API request with a valid access token unless told otherwise. */
export function api(method: string, path: string, { headers, body }: RawRequest = {}): Promise<RawAnswer> {
  return sendRaw(rollcall.baseUrl, `/api/v1${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
  });
}

/** The answer is an error as RFC 7644 §3.12 has it, and tells nothing of the inside. */
export function expectScimError(answer: RawAnswer, status: number, scimType?: string): void {
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  expect([answer.status, body]).toEqual([
    status,
    { schemas: [SCIM_ERROR], status: String(status), detail: expect.any(String), ...(scimType && { scimType }) },
  ]);
  expect(answer.headers['content-type']).toMatch(/^application\/scim\+json/);
  expect(answer.text).not.toMatch(INTERNALS);
}

/** The answer is an error of the management API or the portal's API, and tells nothing of the inside. */
export function expectApiError(answer: RawAnswer, status: number, code: string | RegExp): void {
  const { error, ...rest } = JSON.parse(answer.text) as { error: { code: string; message: string } };
  expect([answer.status, error.code, rest]).toEqual([status, expect.stringMatching(code), {}]);
  expect(error.message.length).toBeGreaterThan(10);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.text).not.toMatch(INTERNALS);
}

/** Everything that the environment and the directory hold, as read over HTTP. */
export async function readEverything(): Promise<unknown[]> {
  const base = `/organizations/${directory.organizationId}`;
  const answers = await Promise.all([
    scim('GET', '/Users'),
    scim('GET', '/Groups'),
    api('GET', '/organizations'),
    api('GET', base),
    api('GET', `${base}/directories/${directory.directoryId}/secrets`),
    api('GET', '/webhook_endpoints'),
  ]);
  // When a token was last used, and how deliveries go, is no part of what a refused request could change.
  return answers.map(({ text }) =>
    JSON.parse(
      text
        .replaceAll(/"last_used_time":[^,}]+/g, '"last_used_time":null')
        .replaceAll(/"health":{[^}]*}/g, '"health":{}'),
    ),
  );
}

/** Runs requests that are to be refused and checks that they changed nothing. */
export async function expectUntouched(requests: () => Promise<void>): Promise<void> {
  const before = await readEverything();
  await requests();
  expect(await readEverything()).toEqual(before);
}
