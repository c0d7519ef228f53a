const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Lower-case Crockford base32 without padding; the bit length must be a multiple of 5 (10 bytes → 16 characters). */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(pending >> bits) & 31];
    }
    pending &= (1 << bits) - 1;
  }
  return text;
}

/** A whole number in `length` base32 characters, most significant first, so that text order is number order. */
export function encodeCrockfordNumber(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i += 1) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The number that `encodeCrockfordNumber` wrote. */
export function decodeCrockfordNumber(text: string): number {
  let value = 0;
  for (const char of text) value = value * 32 + ALPHABET.indexOf(char);
  return value;
}
