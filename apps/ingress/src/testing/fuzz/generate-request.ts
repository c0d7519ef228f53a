import { newId } from '@rollcall/platform';
import type { Random } from './create-random';
import { bulkBody, patchBody, resourceBody } from './generate-body';
import type { FuzzState } from './generate-body';
import { anyFilter, mutateText, PATHS } from './generate-filter';
import { ACME, anyJson, anyText, deepJson, mutateJson, printJson } from './generate-json';

/** One request to a SCIM endpoint; the path is relative to the base URL and goes out as it is. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** Any request: most are nearly right, so that they get far before something is wrong with them. */
export function generateRequest(random: Random, state: FuzzState): FuzzRequest {
  const target = random.below(100);
  const endpoint = random.chance(0.6) ? 'Users' : 'Groups';
  if (target < 22) return write(random, 'POST', `/${endpoint}`, resourceBody(random, state, endpoint));
  const resource = `/${endpoint}/${anyId(random, state, endpoint)}`;
  if (target < 34) return write(random, 'PUT', resource, resourceBody(random, state, endpoint));
  if (target < 56) return write(random, 'PATCH', resource, patchBody(random, state));
  if (target < 60) return write(random, 'DELETE', resource, undefined);
  if (target < 67) return read(random, state, resource);
  if (target < 80) return read(random, state, `/${endpoint}`);
  if (target < 86)
    return write(random, 'POST', `${random.pick(['', '/Users', '/Groups'])}/.search`, searchBody(random, state));
  if (target < 91) return write(random, 'POST', '/Bulk', bulkBody(random, state));
  if (target < 94)
    return read(
      random,
      state,
      random.pick(['/Schemas', '/ResourceTypes', '/ServiceProviderConfig', `/Schemas/${ACME}`]),
    );
  return anywhere(random, state);
}

function write(random: Random, method: string, path: string, body: unknown): FuzzRequest {
  const request: FuzzRequest = {
    method,
    path: withQuery(random, path, projection(random)),
    headers: anyHeaders(random),
  };
  if (body === undefined && random.chance(0.9)) return request;
  const sent = random.chance(0.25) ? mutateJson(random, body) : body;
  return { ...request, body: printBody(random, random.chance(0.2) ? mutateJson(random, sent) : sent) };
}

function read(random: Random, state: FuzzState, path: string): FuzzRequest {
  return {
    method: random.chance(0.95) ? 'GET' : 'HEAD',
    path: withQuery(random, path, listQuery(random, state)),
    headers: anyHeaders(random),
  };
}

/** Any method at any path. */
function anywhere(random: Random, state: FuzzState): FuzzRequest {
  const method = random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'SEARCH']);
  const segments = [
    'Users',
    'Groups',
    'Me',
    'Bulk',
    '.search',
    'Schemas',
    'users',
    '',
    '..',
    '%2e%2e',
    '%00',
    '%ff',
    '%',
    'x'.repeat(2_500),
  ];
  const path = random
    .times(
      random.below(4),
      () =>
        `/${random.chance(0.8) ? random.pick(segments) : encodeURIComponent(wellFormed(anyText(random))).slice(0, 3_000)}`,
    )
    .join('');
  const request = { method, path: withQuery(random, path, listQuery(random, state)), headers: anyHeaders(random) };
  return method === 'GET' || method === 'HEAD' || random.chance(0.4)
    ? request
    : { ...request, body: printBody(random, anyJson(random)) };
}

/** encodeURIComponent throws for half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

function anyId(random: Random, { users, groups }: FuzzState, endpoint: string): string {
  const ids = endpoint === 'Users' ? users : groups;
  if (ids.length > 0 && random.chance(0.9)) return random.pick(ids);
  return random.pick([
    newId(),
    'nobody',
    '%00',
    '0'.repeat(26),
    `${random.pick([...users, ...groups, 'x'])}x`,
    'bulkId:a',
  ]);
}

function printBody(random: Random, body: unknown): string | Buffer {
  const roll = random.below(200);
  if (roll === 0) return printJson(deepJson(random));
  if (roll === 1) return Buffer.from(random.times(random.below(200), () => random.below(256)));
  if (roll === 2) return '['.repeat(random.pick([100, 100_000]));
  const text = printJson(body);
  if (roll < 6) return text.slice(0, random.below(text.length));
  return roll < 10 ? mutateText(random, text) : text;
}

function anyHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/scim+json' };
  if (random.chance(0.08))
    headers['content-type'] = random.pick([
      'application/json',
      'text/plain',
      '',
      'application/json; charset=utf-16',
      ';',
      'x/y; z="',
    ]);
  if (random.chance(0.08))
    headers['if-match'] = random.pick(['*', 'W/"1"', 'W/"2"', '"1"', '', ',', 'W/', 'W/"9",'.repeat(200)]);
  if (random.chance(0.05)) headers['if-none-match'] = random.pick(['*', 'W/"1"', 'garbage', '']);
  if (random.chance(0.03)) headers['accept'] = random.pick(['text/html', '*/*', 'application/json', 'garbage;q=']);
  if (random.chance(0.02))
    headers['authorization'] = random.pick(['Bearer x', '', 'Basic YTpi', 'Bearer ', `Bearer rc_${'0'.repeat(26)}_x`]);
  if (random.chance(0.02))
    headers[random.pick(['content-encoding', 'x-http-method-override', 'prefer', 'expect', 'x-forwarded-host'])] =
      random.pick(['gzip', 'DELETE', 'respond-async', 'x', 'evil.example']);
  return headers;
}

function withQuery(random: Random, path: string, parameters: [string, string][]): string {
  if (parameters.length === 0) return random.chance(0.03) ? `${path}?` : path;
  const query = parameters
    .map(([name, value]) => `${name}=${random.chance(0.97) ? encodeURIComponent(wellFormed(value)) : '%'}`)
    .join('&');
  return `${path}?${query}`.slice(0, 7_000);
}

function projection(random: Random): [string, string][] {
  if (random.chance(0.85)) return [];
  const names = random.times(random.below(4), () => random.pick(PATHS)).join(',');
  return [[random.pick(['attributes', 'excludedAttributes', 'ATTRIBUTES']), names]];
}

function listQuery(random: Random, state: FuzzState): [string, string][] {
  const query = projection(random);
  if (random.chance(0.6)) query.push(['filter', anyFilterText(random, state)]);
  if (random.chance(0.25)) query.push(['sortBy', random.pick(PATHS)]);
  if (random.chance(0.15))
    query.push(['sortOrder', random.pick(['ascending', 'descending', 'DESCENDING', 'sideways', ''])]);
  if (random.chance(0.2)) query.push(['startIndex', anyNumber(random)]);
  if (random.chance(0.5)) query.push(['count', anyNumber(random)]);
  if (random.chance(0.05))
    query.push([
      'cursor',
      random.pick(['', 'x', 'e30', Buffer.from('{"after":5}').toString('base64url'), anyText(random).slice(0, 500)]),
    ]);
  if (random.chance(0.05)) query.push(random.pick(query.length > 0 ? query : [['x', 'y']]));
  return query;
}

function anyFilterText(random: Random, { values }: FuzzState): string {
  const text = anyFilter(random, values);
  return random.chance(0.15) ? mutateText(random, text) : text;
}

function anyNumber(random: Random): string {
  return random.pick([
    '0',
    '1',
    '2',
    '5',
    '10',
    '-1',
    '500',
    '501',
    '1e3',
    '99999999999999999999',
    '1.5',
    'x',
    '',
    ' 3 ',
    '2147483648',
  ]);
}

function searchBody(random: Random, state: FuzzState): unknown {
  const entries = listQuery(random, state).map(([name, value]): [string, unknown] => {
    const number = Number(value);
    return [name, /^(count|startIndex)$/.test(name) && Number.isFinite(number) && random.chance(0.8) ? number : value];
  });
  return { schemas: [SEARCH], ...Object.fromEntries(entries) };
}
