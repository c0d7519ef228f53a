import { i18n, type Messages } from '@lingui/core';
import { LANGUAGES, type Language } from './languages';

/** Each language is a file of its own, of which a page loads one. */
const CATALOGUES: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('../../locales/en'),
  de: () => import('../../locales/de'),
  fr: () => import('../../locales/fr'),
  es: () => import('../../locales/es'),
  ja: () => import('../../locales/ja'),
};

/**
 * Makes a language that of the page, before anything of it is drawn: its messages, and what the document says of itself.
 * Rejects when the messages cannot be loaded.
 */
export async function activateLanguage(language: Language): Promise<void> {
  // At once, for those that are loaded beside these.
  i18n.activate(language);
  const { messages } = await CATALOGUES[language]();
  i18n.load(language, messages);
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].direction;
}
