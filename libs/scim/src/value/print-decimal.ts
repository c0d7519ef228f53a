/**
 * The canonical decimal text of a JSON number: no exponent, no needless zero. Undefined for one beyond 2^53, of which parsing may
 * have lost digits.
 */
export function printDecimal(value: number): string | undefined {
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return undefined;
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  // Only what is smaller than 0.000001 is printed with an exponent here.
  const sign = value < 0 ? '-' : '';
  return `${sign}0.${'0'.repeat(-1 - Number(exponent))}${digits.replace(/[-.]/g, '')}`;
}
