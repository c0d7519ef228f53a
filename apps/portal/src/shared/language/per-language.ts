import { i18n } from '@lingui/core';

/** Makes something once for the page's language, when it is first needed: until the page is drawn it has none. */
export function perLanguage<T>(make: (language: string) => T): () => T {
  let made: { language: string; value: T } | undefined;
  return () => {
    if (made?.language !== i18n.locale) made = { language: i18n.locale, value: make(i18n.locale) };
    return made.value;
  };
}
