import { isIP } from 'node:net';

/**
 * Reads addresses and CIDR ranges separated by commas, such as `10.0.0.0/8, 2001:db8::1`. Returns them as they were written, or
 * null when one of them is neither.
 */
export function parseAddressRanges(text: string): string[] | null {
  const ranges = text.split(',').map((range) => range.trim());
  return ranges.every(isAddressRange) ? ranges : null;
}

function isAddressRange(range: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  // A zone (fe80::1%eth0) is a name of one machine only.
  return !address.includes('%') && bits >= Number(prefix ?? 0);
}
