import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { EgressError } from './egress-error';
import type { BlockedReason } from './egress-error';

/** Resolves a host name to all of its addresses. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>;

/** The operating system's resolver: /etc/hosts and search domains count, as an operator expects. */
export const resolveBySystem: ResolveHost = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/**
 * The addresses of a host that may be connected to.
 * @throws EgressError `dns` when the name does not resolve; the reason of the first refusal when no address is left
 */
export async function resolveAllowed(
  hostname: string,
  resolveHost: ResolveHost,
  refuse: (address: string) => BlockedReason | null,
): Promise<LookupAddress[]> {
  let addresses: LookupAddress[];
  try {
    addresses = await resolveHost(hostname);
  } catch (cause) {
    throw new EgressError('dns', { cause });
  }
  const allowed = addresses.filter(({ address }) => refuse(address) === null);
  if (allowed.length > 0) return allowed;
  const reason = addresses[0] ? refuse(addresses[0].address) : null;
  throw new EgressError(reason ?? 'dns');
}

/** The same as a `lookup` option of `net.connect`, which calls it for names but never for address literals. */
export function asLookupFunction(resolve: (hostname: string) => Promise<LookupAddress[]>): LookupFunction {
  const resolveWithCallback = callbackify(resolve);
  return (hostname, options, callback) =>
    resolveWithCallback(hostname, (error, addresses) => {
      if (error) callback(error, '');
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
}
