/** Where Redis is, as `REDIS_URL` says. */
export type RedisTarget =
  | { readonly kind: 'single'; readonly url: string }
  | ({
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostPort[];
      readonly name: string;
      readonly db: number;
    } & Login)
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostPort[] } & Login);

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

const SEVERAL = /^redis-(sentinel|cluster):\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^/?]*))?(?:\/(\d+))?$/;

/**
 * Reads `redis://`, `rediss://`, `redis-sentinel://[user:password@]host[:26379],…/name[/db]` and
 * `redis-cluster://[user:password@]host[:6379],…`. Throws an Error that does not repeat the URL, which may hold a password.
 */
export function parseRedisUrl(text: string): RedisTarget {
  if (/^rediss?:\/\//.test(text) && URL.canParse(text)) return { kind: 'single', url: text };
  const [, kind, login, hosts = '', name, db] = SEVERAL.exec(text) ?? [];
  if (kind === 'cluster') return { kind, nodes: parseHosts(hosts, 6379), ...parseLogin(login) };
  if (kind === 'sentinel' && name) {
    return {
      kind,
      sentinels: parseHosts(hosts, 26_379),
      name: decodeURIComponent(name),
      db: Number(db ?? 0),
      ...parseLogin(login),
    };
  }
  throw new Error(
    'REDIS_URL is not understood: use redis://host, rediss://host, redis-sentinel://h1,h2/name or redis-cluster://h1,h2.',
  );
}

function parseHosts(text: string, defaultPort: number): HostPort[] {
  return text.split(',').map((part) => {
    const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const host = bracketed ?? plain;
    if (!host) throw new Error('REDIS_URL is not understood: each host is host or host:port, separated by commas.');
    return { host, port: Number(port ?? defaultPort) };
  });
}

function parseLogin(text: string | undefined): Login {
  if (!text) return {};
  const [username = '', ...rest] = text.split(':');
  const password = rest.join(':');
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
}
