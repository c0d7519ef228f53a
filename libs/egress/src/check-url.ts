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
  // These names are the machine's own whatever a resolver says (RFC 6761 §6.3).
  if (/(^|\.)localhost(\.localdomain)?$/.test(withoutFinalDot(host))) throw new EgressError('address_not_public');
  const reason = isIP(host) ? refuseAddress(host, policy) : null;
  if (reason) throw new EgressError(reason);
  return url;
}

/**
 * The same for a URL that is to be saved, which has to be what its owner sees: WHATWG parsing passes over blanks and line breaks,
 * takes `http:///x` for the host `x`, and keeps a fragment that is never sent. Nor is one saved that could never be reached.
 * @throws EgressError with a blocked reason
 */
export function checkNewUrl(text: string, policy: EgressPolicy): URL {
  const url = checkUrl(text, policy);
  // oxlint-disable-next-line no-control-regex -- these are what the parser leaves out or replaces
  if (/[\s\u0000-\u001f\u007f\\]/.test(text)) throw new EgressError('blanks_in_url');
  if (!/^https?:\/\/[^/?#]/i.test(text)) throw new EgressError('host_missing');
  if (text.includes('#')) throw new EgressError('fragment_in_url');
  if (url.port === '0') throw new EgressError('port_not_allowed');
  if (!isIP(hostOf(url)) && !isHostName(withoutFinalDot(url.hostname))) throw new EgressError('invalid_host');
  return url;
}

/** A name that DNS can hold (RFC 1035 §2.3.4); underscores are in use. */
function isHostName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
}

/** The host without the brackets of an IPv6 literal. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
