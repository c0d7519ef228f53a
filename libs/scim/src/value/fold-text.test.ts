import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFilter } from '../filter/evaluate-filter';
import { parseFilter } from '../filter/parse-filter';
import { readResource } from '../resource/read-resource';
import { userResourceType } from '../schema/resource-types';
import { foldText, WIDTHS } from './fold-text';

const assigned = Array.from({ length: 0x2ffff }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('Σ', 'σ', 'ς', 'A', 'ｱ', 'ﾞ', 'e', '\u0301', 'İ', 'I', '\u0307', 'K', 'ß', 'ẞ', ' ', 'Ｑ'))
    .map((all) => all.join('')),
);

/** Pairs of texts that name the same. */
const SAME: [string, string][] = [
  ['Jos\u00e9', 'JOSE\u0301'],
  ['\u212bngström', '\u00c5NGSTRO\u0308M'],
  ['\u212aelvin', 'kelvin'],
  ['\u2126', '\u03c9'],
  ['Ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
  ['ｶﾞ', '\u30ac'],
  ['ﾡ', '\u3131'],
  ['a\u3000b', 'a b'],
  ['\u0130stanbul', 'I\u0307STANBUL'],
  ['STRA\u1e9eE', 'straße'],
  ['ΟΔΟΣ', 'οδος'],
  ['ΟΔΟΣ', 'οδοσ'],
];

describe('foldText', () => {
  it.each(SAME)('folds %s and %s to the same', (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });

  it.each([
    ['straße', 'strasse'],
    ['istanbul', '\u0130stanbul'],
    ['jose', 'jos\u00e9'],
    ['ﬁ', 'fi'],
    ['²', '2'],
  ])('tells %s from %s, as PRECIS does', (one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });

  it('folds every character once for all, whichever way it is composed', () => {
    for (const character of assigned) {
      const folded = foldText(character);
      if (foldText(folded) !== folded) expect.fail(`U+${character.codePointAt(0)?.toString(16)} folds on`);
      if (foldText(character.normalize('NFD')) !== folded) {
        expect.fail(`U+${character.codePointAt(0)?.toString(16)} folds otherwise when decomposed`);
      }
    }
  });

  it('folds any text once for all, whichever way it is composed and whatever stands around it', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const folded = foldText(one);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(one.normalize('NFD'))).toBe(folded);
        expect(foldText(one.normalize('NFC'))).toBe(folded);
        expect(foldText(`${one} ${other}`)).toBe(`${folded} ${foldText(other)}`.normalize('NFC'));
      }),
    );
  });

  it('composes nothing in what is longer than a name, which would take the square of its marks', () => {
    const marks = `A${'\u0301'.repeat(200_000)}${'\u0316'.repeat(200_000)}`;
    expect(foldText(marks)).toBe(marks.toLowerCase());
    const longest = `E\u0301${'x'.repeat(509)}`;
    expect(Buffer.byteLength(longest)).toBe(512);
    expect(foldText(longest).startsWith('\u00e9x')).toBe(true);
    expect(foldText(`${longest}x`).startsWith('e\u0301x')).toBe(true);
  });

  it('maps widths one character to one, which is what SQL can do as well', () => {
    expect(WIDTHS.from).toHaveLength(WIDTHS.to.length);
    expect(new Set(WIDTHS.from).size).toBe(WIDTHS.from.length);
    for (const character of WIDTHS.to) expect(WIDTHS.from).not.toContain(character);
  });

  it.each(SAME)('is how filters compare: %s finds %s', (stored, asked) => {
    const user = readResource({ userName: stored, emails: [{ value: stored }] }, userResourceType).resource;
    for (const path of ['userName', 'emails.value', 'emails']) {
      for (const operator of ['eq', 'co', 'sw', 'ew', 'ge', 'le']) {
        const filter = parseFilter(`${path} ${operator} ${JSON.stringify(asked)}`);
        expect(evaluateFilter(filter, user, userResourceType), `${path} ${operator}`).toBe(true);
      }
    }
    expect(user['userName']).toBe(stored);
  });
});
