/**
 * Halfwidth letters of Hangul, by runs: their first, how many, and the first of the letters that they stand for. Unicode's own
 * normalization (NFKC) would go further and take these for parts of syllables.
 */
const HANGUL: readonly (readonly [number, number, number])[] = [
  [0xffa0, 1, 0x3164],
  [0xffa1, 30, 0x3131],
  [0xffc2, 6, 0x314f],
  [0xffca, 6, 0x3155],
  [0xffd2, 6, 0x315b],
  [0xffda, 3, 0x3161],
];

const narrowed = mapWidths();

/** The full- and halfwidth characters, and at the same places what each of them stands for. */
export const WIDTHS = { from: [...narrowed.keys()].join(''), to: [...narrowed.values()].join('') } as const;

/**
 * Longer texts, which no name is, are brought to lower case alone: to compose characters takes the square of the marks that stand in a
 * row.
 */
export const FOLDED_BYTES_MAX = 512;

/**
 * Text as it is compared where its case does not count (RFC 7643 §2.2): what is stored as a key, what is unique, what a filter
 * finds. PRECIS UsernameCaseMapped (RFC 8265 §3.3): width mapping, lower case, NFC. Beyond it a final sigma is a sigma, since
 * which of the two a capital becomes depends on what stands behind it. The same as the SQL function `scim_fold_text`.
 */
export function foldText(text: string): string {
  if (!/[\u0080-\uffff]/.test(text) || Buffer.byteLength(text) > FOLDED_BYTES_MAX) return text.toLowerCase();
  return text
    .replace(/[\u3000\uff01-\uffee]/g, (character) => narrowed.get(character) ?? character)
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/** The decomposition mappings of full- and halfwidth characters (Unicode Standard Annex #11). */
function mapWidths(): ReadonlyMap<string, string> {
  const map = new Map([
    ['\u3000', ' '],
    ['\uffe3', '\u00af'],
  ]);
  for (const [first, count, target] of HANGUL) {
    for (let n = 0; n < count; n++) map.set(String.fromCharCode(first + n), String.fromCharCode(target + n));
  }
  for (let code = 0xff01; code <= 0xffee; code++) {
    const character = String.fromCharCode(code);
    const standing = character.normalize('NFKC');
    if (!map.has(character) && standing !== character) map.set(character, standing);
  }
  return map;
}
