import ipaddr from 'ipaddr.js';
import { addressToCompare } from './create-policy';
import type { EgressPolicy } from './create-policy';
import type { BlockedReason } from './egress-error';

/** Today's only block of public IPv6 unicast (RFC 4291 §2.4); leaves out `::/96`, the IPv4-compatible form, among others. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Why no socket may go to this address, or null. Allowed is public unicast alone, which refuses loopback, private,
 * link-local (the metadata service of clouds), CGNAT, 6to4, NAT64, Teredo and every other special range at once.
 * IPv4-mapped IPv6 addresses are judged as the IPv4 address they reach.
 */
export function refuseAddress(
  address: string,
  policy: Pick<EgressPolicy, 'allowPrivateTargets' | 'ownAddresses'>,
): BlockedReason | null {
  if (policy.allowPrivateTargets) return null;
  if (!ipaddr.isValid(address)) return 'address_not_public';
  const ip = ipaddr.process(address);
  if (ip.range() !== 'unicast') return 'address_not_public';
  if (ip instanceof ipaddr.IPv6 && !ip.match(GLOBAL_UNICAST)) return 'address_not_public';
  return policy.ownAddresses.has(addressToCompare(address)) ? 'own_address' : null;
}
