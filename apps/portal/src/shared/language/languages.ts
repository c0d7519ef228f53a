/** A language that the portal speaks. */
interface LanguageEntry {
  /** As it calls itself. */
  name: string;
  direction: 'ltr' | 'rtl';
}

/** By BCP 47 tag, in the order in which they are offered. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  ja: { name: '日本語', direction: 'ltr' },
} as const satisfies Record<string, LanguageEntry>;

export type Language = keyof typeof LANGUAGES;

/** What those get who want none of the languages. */
export const DEFAULT_LANGUAGE: Language = 'en';

/** Whether a text is the tag of a language that the portal speaks. */
export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}
