import type { GroupData, UserData } from '@rollcall/contract';
import { foldText } from '@rollcall/scim';

/** By what a user or group is found in a list, each once; none is the beginning of another, which finds the same. */
export type SearchTerms = readonly string[];

/** Terms that are kept of one user or group, the ones that name it exactly first. */
const TERMS_MAX = 24;

/** Characters of a text that are looked at, and of a term that are kept: names and addresses are shorter. */
const TEXT_MAX = 200;
const TERM_MAX = 64;

/** Words of a search that count. */
const WORDS_MAX = 6;

/** E-mail addresses that are looked at. */
const EMAILS_MAX = 5;

/**
 * What a user is found by: External ID, user name and addresses as a whole, the words of the names in whichever order, the parts
 * of an address. All are folded (`foldForSearch`), and a search finds a term by how it begins.
 */
export function userTerms(user: UserData): SearchTerms {
  const addresses = [
    user.preferred_username,
    user.email,
    ...user.emails.slice(0, EMAILS_MAX).map(({ value }) => value),
  ];
  const names = [user.name, user.given_name, user.family_name, user.nickname];
  return firstOf([
    ...[user.dp_id, user.employee_id, ...addresses].map((text) => foldForSearch(text ?? '')),
    ...names.flatMap((text) => wordsOf(text ?? '')),
    ...addresses.flatMap((text) => partsOfAddress(text ?? '')),
  ]);
}

/** What a group is found by: its External ID as a whole and the words of its name. */
export function groupTerms({ display_name, external_id }: GroupData): SearchTerms {
  return firstOf([foldForSearch(external_id ?? ''), ...wordsOf(display_name ?? '')]);
}

/** By what users are put in order: their names, or what stands for one; '' for nothing. */
export function userNameKey(user: UserData): string {
  const { name, given_name, family_name, preferred_username } = user;
  const parts = [given_name, family_name].filter((part) => part !== null).join(' ');
  return foldForSearch(name ?? (parts === '' ? (preferred_username ?? '') : parts));
}

/** The same by their e-mail addresses. */
export function userEmailKey({ email, preferred_username }: UserData): string {
  return foldForSearch(email ?? preferred_username ?? '');
}

/** The words of a search: whoever is found has a term that begins with each of them. None: nobody is found. */
export function readSearch(text: string): string[] {
  const words = foldForSearch(text)
    .split(/\s+/)
    .map((word) => cut(word.replace(/^[^\p{L}\p{N}]+/u, ''), TERM_MAX));
  return [...new Set(words)].filter((word) => word !== '').slice(0, WORDS_MAX);
}

/** Where the terms end that begin with a word, in the order of bytes: no character of a text comes after this one. */
export function afterPrefix(word: string): string {
  return `${word}\u{10FFFF}`;
}

/** Text as it is searched: in one case (`foldText`), and without the marks that a keyboard of another country does not have. */
export function foldForSearch(text: string): string {
  const folded = foldText(cut(text, TEXT_MAX)).trim();
  if (!/[\u0080-\uffff]/.test(folded)) return folded;
  return folded
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/[æœøđðħıłŧþß]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC');
}

/** Letters that Unicode does not take apart. */
const PLAIN: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  þ: 'th',
  ß: 'ss',
};

/** Each word, and of one with a hyphen or the like its parts. */
function wordsOf(text: string): string[] {
  const words = foldForSearch(text).split(/\s+/);
  return [...words, ...words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u))];
}

/** What stands before the @, by its parts, and what stands behind it. */
function partsOfAddress(text: string): string[] {
  const [local = '', domain = ''] = foldForSearch(text).split('@');
  return [domain, ...local.split(/[^\p{L}\p{N}]+/u)];
}

function firstOf(terms: readonly string[]): string[] {
  const kept = [...new Set(terms.map((term) => cut(term, TERM_MAX)))].filter((term) => term !== '').slice(0, TERMS_MAX);
  return kept.filter((term) => !kept.some((other) => other !== term && other.startsWith(term)));
}

/** By characters: half of one cannot be stored. */
function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : Array.from(text.slice(0, max * 2))
        .slice(0, max)
        .join('');
}
