import { DEFAULT_LANGUAGE, isLanguage, type Language } from './languages';

/**
 * The language for a reader: what they chose, else the first of their browser's languages that the portal speaks, else English. A tag is
 * looked up as RFC 4647, section 3.4 has it: from its end it loses one part after the other until it is known.
 * @param chosen what the reader chose, as it was kept; null for nothing. What is no language of the portal counts as nothing
 * @param preferred the browser's languages, the dearest first
 */
export function chooseLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (chosen !== null && isLanguage(chosen)) return chosen;
  for (const range of preferred) {
    const found = lookUp(range);
    if (found !== null) return found;
  }
  return DEFAULT_LANGUAGE;
}

function lookUp(range: string): Language | null {
  const parts = range.toLowerCase().split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const tag = parts.slice(0, length).join('-');
    if (isLanguage(tag)) return tag;
  }
  return null;
}
