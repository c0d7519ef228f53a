import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropHidden, escapeHidden, markHidden, writeHidden, type Piece } from './mark-hidden';

/** What changes the direction of text around it: never shown as it is, wherever it stands. */
const DIRECTION = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
/** Other characters that are not seen. */
const UNSEEN = '\u0000\u0007\u001b\u007f\u0085\u00ad\u034f\u115f\u2028\u2029\u2060\u2063\u3164\ufeff\ufff9\ufffb';

/** Characters that some script or sign is written with. */
const WRITERS = ['\u200b', '\u200c', '\u200d', '\ufe0f', '\u{e0100}', '\u{e0067}', '\u180b'];

const NEVER = new RegExp(`[${DIRECTION}${UNSEEN}]`, 'u');
const NEVER_IN_LATIN = new RegExp(`[a-zA-Z ](?:${WRITERS.join('|')})`, 'u');

/** Texts that have hidden characters by right: nothing of them is marked. */
const WRITTEN = [
  'Ada Lovelace',
  'Zoë O’Brien-Łukasz',
  'محمد رضا',
  'می\u200cخواهم', // Persian: a non-joiner in a word
  'כהן, אסתר',
  'ශ්\u200dරී ලංකා', // Sinhala: a joiner after a virama
  'ക്\u200dഷ', // Malayalam
  'क्\u200dष', // Devanagari
  '葛\u{e0100}飾', // the form of a letter in a Japanese name
  'ᠰᠠᠶ\u180dᠨ', // Mongolian
  'ភាសា\u200bខ្មែរ', // Khmer: the end of a word
  '👩\u200d👩\u200d👧 👩🏽\u200d🚀 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥 ☺\ufe0f 1\ufe0f\u20e3',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', // England
  'two\twords\nand a line',
];

const texts = (pieces: Piece[]) => pieces.filter((piece) => typeof piece === 'string');
const codes = (text: string) => markHidden(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.code]));

const character = fc.oneof(
  fc.constantFrom(...Array.from(DIRECTION), ...Array.from(UNSEEN)),
  fc.constantFrom(...WRITERS),
  fc.constantFrom('a', 'Z', '1', ' ', 'é', 'م', 'ی', 'ש', 'क', '्', '葛', '👩', '🏽', '🏴', '\n'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
// No more than are marked one by one.
const foreign = fc.array(character, { maxLength: 50 }).map((characters) => characters.join(''));

/** The text again, from what is shown of it. */
const readBack = (pieces: Piece[]): string =>
  pieces
    .map((piece) =>
      typeof piece === 'string'
        ? piece
        : String.fromCodePoint(Number.parseInt(piece.code.slice(2), 16)).repeat(piece.count),
    )
    .join('');

describe('markHidden', () => {
  it('shows no character that acts on direction, and none that is not seen', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        for (const shown of texts(markHidden(text))) {
          expect(shown).not.toMatch(NEVER);
          expect(shown).not.toMatch(NEVER_IN_LATIN);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing else: what is shown and what is marked are the text, in order', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        expect(readBack(markHidden(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(WRITTEN)('leaves %j as it is written', (text) => {
    expect(markHidden(text)).toEqual([text]);
  });

  it.each([
    ['\u202eexe.png', ['U+202E']],
    ['\u2066ada\u2069', ['U+2066', 'U+2069']],
    ['ad\u200cmin', ['U+200C']],
    ['ad\u200dmin', ['U+200D']],
    ['a\ufe0f', ['U+FE0F']],
    ['pay\u00adpal', ['U+00AD']],
    ['\u3164', ['U+3164']],
    ['a\u{e0061}\u{e0062}', ['U+E0061', 'U+E0062']],
    ['👩\u200da', ['U+200D']],
    ['می\u200c\u200cخواهم', ['U+200C']],
    ['a\u180b\u200c', ['U+180B', 'U+200C']],
    ['a\u180b\u180b', ['U+180B']],
    ['\u007f', ['U+007F']],
  ])('marks what deceives in %j', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it('says what a mark does, and counts a run of it once', () => {
    expect(markHidden('a\u202e\u202e\u202eb')).toEqual([
      'a',
      { code: 'U+202E', name: 'right-to-left override', count: 3 },
      'b',
    ]);
    expect(markHidden('\u2063')).toEqual([{ code: 'U+2063', name: 'invisible character', count: 1 }]);
    expect(markHidden('')).toEqual([]);
  });

  it('makes a bounded number of pieces of any text, and still shows none of them', () => {
    const pieces = markHidden('\u202e\u202d'.repeat(50_000));
    expect(pieces).toHaveLength(51);
    expect(pieces.at(-1)).toMatch(/^(?:\[U\+202E\]\[U\+202D\])+$/);
  });
});

describe('writeHidden and dropHidden', () => {
  it('leave a text that needs no elements to be shown', () => {
    expect(writeHidden('a\u202eb')).toBe('a[U+202E]b');
    expect(dropHidden('a\u202eb')).toBe('ab');
    for (const text of WRITTEN) expect([writeHidden(text), dropHidden(text)]).toEqual([text, text]);
  });
});

describe('escapeHidden', () => {
  it('keeps what the JSON says, and no hidden character in it', () => {
    fc.assert(
      fc.property(fc.dictionary(foreign, fc.oneof(foreign, fc.array(foreign))), (value) => {
        const shown = escapeHidden(JSON.stringify(value, null, 2));
        expect(JSON.parse(shown)).toEqual(value);
        expect(shown).not.toMatch(NEVER);
      }),
    );
  });

  it('writes the escapes of JSON, a pair for what needs one', () => {
    expect(escapeHidden('{"a":"\u202e\u{e0061}"}')).toBe(String.raw`{"a":"\u202e\udb40\udc61"}`);
  });
});
