import { expect, it } from 'vitest';
import { parseRedisUrl } from './parse-redis-url';

it.each(['redis://localhost', 'rediss://user:p%40ss@redis.example:6380/2'])('leaves %s to the client', (url) => {
  expect(parseRedisUrl(url)).toEqual({ kind: 'single', url });
});

it('reads sentinels, the name of the master and the login', () => {
  expect(parseRedisUrl('redis-sentinel://ada:p%40:x@s1,s2:26380,[::1]:7/main/3')).toEqual({
    kind: 'sentinel',
    sentinels: [
      { host: 's1', port: 26_379 },
      { host: 's2', port: 26_380 },
      { host: '::1', port: 7 },
    ],
    name: 'main',
    db: 3,
    username: 'ada',
    password: 'p@:x',
  });
});

it('reads the nodes of a cluster', () => {
  expect(parseRedisUrl('redis-cluster://:secret@n1,n2:7001')).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'n1', port: 6379 },
      { host: 'n2', port: 7001 },
    ],
    password: 'secret',
  });
});

it.each(['redis-sentinel://:secret@s1,s2', 'redis-cluster://:secret@', 'http://:secret@host', 'redis-cluster://a,:1'])(
  'refuses %s without repeating it',
  (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL is not understood: (?!.*secret)/);
  },
);
