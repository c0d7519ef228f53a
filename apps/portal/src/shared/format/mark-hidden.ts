import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';

/** A character that is not seen by itself and may act on what stands around it. */
interface HiddenCharacter {
  /** As Unicode writes it: `U+202E`. */
  code: string;
  /** What it does, in words. */
  name: string;
  /** How often it follows itself. */
  count: number;
}

/** A text to be shown as it is, or a hidden character in its place. */
export type Piece = string | HiddenCharacter;

/** A reader sees by fewer that something is wrong, and no text makes a page of more elements. */
const MARKS_MAX = 50;

const NAMES: Record<string, MessageDescriptor> = {
  'U+00AD': msg`soft hyphen`,
  'U+061C': msg`Arabic letter mark`,
  'U+200B': msg`zero width space`,
  'U+200C': msg`zero width non-joiner`,
  'U+200D': msg`zero width joiner`,
  'U+200E': msg`left-to-right mark`,
  'U+200F': msg`right-to-left mark`,
  'U+202A': msg`left-to-right embedding`,
  'U+202B': msg`right-to-left embedding`,
  'U+202C': msg`end of directional formatting`,
  'U+202D': msg`left-to-right override`,
  'U+202E': msg`right-to-left override`,
  'U+2060': msg`word joiner`,
  'U+2066': msg`left-to-right isolate`,
  'U+2067': msg`right-to-left isolate`,
  'U+2068': msg`first strong isolate`,
  'U+2069': msg`end of directional isolate`,
  'U+FEFF': msg`zero width no-break space`,
};

/** Controls, what is invisible by its nature, and what separates lines; a tab and the ends of lines are mere white space. */
const HIDDEN = String.raw`(?![\t\n\r])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\uFFF9-\uFFFB]`;

/** Scripts whose letters a joiner or a non-joiner joins and parts, as in Persian, Sinhala and Malayalam. */
const JOINING = [
  'Arabic',
  'Bengali',
  'Devanagari',
  'Gujarati',
  'Gurmukhi',
  'Kannada',
  'Khmer',
  'Malayalam',
  'Mongolian',
  'Myanmar',
  'Nko',
  'Oriya',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
  'Tibetan',
]
  .map((script) => String.raw`\p{Script_Extensions=${script}}`)
  .join('');

/** A letter or what is written on one, if it is seen. */
const SEEN = String.raw`(?!\p{Default_Ignorable_Code_Point})(?=[\p{L}\p{M}])`;

/** A pictographic sign, with its colour of skin or the form in which it is wanted. */
const PICTURE = String.raw`\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?`;

/** Where a hidden character belongs to how a letter or sign is written: there it stays. */
const WRITTEN = [
  // The flags of parts of a country, emoji of several or with a colour of skin, keycaps.
  String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`,
  String.raw`${PICTURE}(?:\u200D${PICTURE})*`,
  String.raw`[0-9#*]\uFE0F\u20E3`,
  String.raw`${SEEN}[${JOINING}][\u200C\u200D]`,
  // Forms of one letter: of Han as in Japanese names, of Mongolian.
  String.raw`\p{Script=Han}[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
  String.raw`${SEEN}\p{Script=Mongolian}[\u180B-\u180F]`,
  // Ends of words in scripts that write no space.
  String.raw`${SEEN}[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]\u200B`,
].join('|');

const ANY_HIDDEN = new RegExp(HIDDEN, 'u');
const WRITTEN_OR_HIDDEN = new RegExp(`${WRITTEN}|(?<hidden>(?:${HIDDEN}))`, 'gu');

/**
 * Parts a text that somebody else wrote into what may be shown as it is and the hidden characters that would act on it or
 * deceive: controls, marks and overrides of direction, invisible spaces. What a script or an emoji is written with stays.
 * After fifty of them the rest is one text, as `writeHidden` gives it.
 */
export function markHidden(text: string): Piece[] {
  if (!ANY_HIDDEN.test(text)) return text === '' ? [] : [text];
  const pieces: Piece[] = [];
  let shown = 0;
  let marks = 0;
  for (const { index, character } of findHidden(text)) {
    const last = pieces.at(-1);
    const code = codeOf(character);
    if (index > shown) pieces.push(text.slice(shown, index));
    if (index === shown && typeof last === 'object' && last.code === code) {
      last.count += 1;
    } else if (marks === MARKS_MAX) {
      return [...pieces, writeHidden(text.slice(index))];
    } else {
      marks += 1;
      pieces.push({ code, name: nameOf(code), count: 1 });
    }
    shown = index + character.length;
  }
  return shown < text.length ? [...pieces, text.slice(shown)] : pieces;
}

/** The text for a place that holds no elements (a title, a label): hidden characters as `[U+202E]`. */
export function writeHidden(text: string): string {
  return replaceHidden(text, (character) => `[${codeOf(character)}]`);
}

/** The text without its hidden characters: what a reader sees of it, and can type. */
export function dropHidden(text: string): string {
  return replaceHidden(text, () => '');
}

/** JSON that says the same without a hidden character in it: they become escapes such as `\u202e`. */
export function escapeHidden(json: string): string {
  return replaceHidden(json, (character) =>
    character
      .split('')
      .map((unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function replaceHidden(text: string, write: (character: string) => string): string {
  let written = '';
  let done = 0;
  for (const { index, character } of findHidden(text)) {
    written += text.slice(done, index) + write(character);
    done = index + character.length;
  }
  return written + text.slice(done);
}

function* findHidden(text: string): Generator<{ index: number; character: string }> {
  for (const match of text.matchAll(WRITTEN_OR_HIDDEN)) {
    const character = match.groups?.hidden;
    if (character !== undefined) yield { index: match.index, character };
  }
}

function nameOf(code: string): string {
  const name = NAMES[code];
  return name ? i18n._(name) : t`invisible character`;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
