import { ConfigError } from './config-error';
import { parseAddressRanges } from './parse-address-ranges';

/** Reads `PUBLIC_URL`. No underscore in host or path: Okta refuses a SCIM base URL with one. Throws ConfigError. */
export function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      'PUBLIC_URL',
      'must be an absolute http or https URL, such as https://directory.example.com.',
    );
  }
  if (url.username || url.password) throw new ConfigError('PUBLIC_URL', 'must not contain a user name or password.');
  if (/[?#]/.test(text)) throw new ConfigError('PUBLIC_URL', 'must not contain a query or a fragment.');
  if (/_|%5f/i.test(url.host + url.pathname)) {
    throw new ConfigError('PUBLIC_URL', 'must not contain an underscore, because Okta refuses one in a SCIM base URL.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Reads a variable that says where PostgreSQL is. Throws ConfigError. */
export function readDatabaseUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^postgres(ql)?:\/\/([^/?#]*@)?[^/?#@]*,/.test(text)) {
    throw new ConfigError(name, 'must name one host: give several a DNS name or a proxy that leads to the primary.');
  }
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new ConfigError(name, 'must be a postgres:// or postgresql:// URL.');
  }
  return sayTlsMode(text);
}

/**
 * pg verifies the server's certificate for each of these modes, and warns at length that a later version of it will not: the mode that
 * means it in every version is put in their place. Who wants libpq's meaning says so with `uselibpqcompat`.
 */
function sayTlsMode(url: string): string {
  if (/[?&]uselibpqcompat=true(&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** Reads `REDIS_URL`. Several hosts separated by commas are no WHATWG URL, so only the scheme and a host are checked here. Throws ConfigError. */
export function readRedisUrl(text: string | undefined): string | undefined {
  if (text !== undefined && !/^(redis|rediss|redis-sentinel|redis-cluster):\/\/[^\s/]+/.test(text)) {
    throw new ConfigError(
      'REDIS_URL',
      'must be a redis://host, rediss://host, redis-sentinel://h1,h2/name or redis-cluster://h1,h2 URL.',
    );
  }
  if (text?.startsWith('redis-sentinel:') && !/^redis-sentinel:\/\/[^\s/]+\/[^\s/?]+/.test(text)) {
    throw new ConfigError('REDIS_URL', 'must name the master after the sentinels: redis-sentinel://h1,h2/name.');
  }
  return text;
}

/** Reads `TRUSTED_PROXIES`. Throws ConfigError. */
export function readTrustedProxies(text: string | undefined): string[] {
  if (text === undefined) return [];
  const ranges = parseAddressRanges(text);
  if (ranges) return ranges;
  throw new ConfigError(
    'TRUSTED_PROXIES',
    'must be IP addresses or ranges separated by commas, such as 10.0.0.0/8,2001:db8::1.',
  );
}
