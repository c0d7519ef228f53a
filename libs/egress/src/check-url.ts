import { isIP } from 'node:net';
import { withoutFinalDot } from './create-policy';
import type { EgressPolicy } from './create-policy';
import { EgressError } from './egress-error';
import { refuseAddress } from './refuse-address';

/**
 * Everything that can be said about a target without resolving its name. WHATWG parsing has normalized the host first, so
 * that `2130706433`, `0x7f.1` and `127。0。0。1` are all `127.0.0.1` here.
 * @throws EgressError with a blocked reason
 */
export function checkUrl(text: string, policy: EgressPolicy): URL {
  if (!URL.canParse(text)) throw new EgressError('invalid_url');
  const url = new URL(text);
  const isHttps = url.protocol === 'https:';
  if (!isHttps && !(policy.allowPrivateTargets && url.protocol === 'http:'))
    throw new EgressError('scheme_not_allowed');
  if (url.username || url.password) throw new EgressError('credentials_in_url');
  if (policy.allowPrivateTargets) return url;

  const port = Number(url.port || 443);
  if (![443, 80, 8443].includes(port) && port <= 1023) throw new EgressError('port_not_allowed');
  const host = hostOf(url);
  if (policy.ownHostnames.has(withoutFinalDot(host))) throw new EgressError('own_hostname');
  const reason = isIP(host) ? refuseAddress(host, policy) : null;
  if (reason) throw new EgressError(reason);
  return url;
}

/** The host without the brackets of an IPv6 literal. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
