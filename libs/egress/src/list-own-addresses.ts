import { networkInterfaces } from 'node:os';

/** Every address of this machine's network interfaces, for `ownAddresses`. */
export function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
