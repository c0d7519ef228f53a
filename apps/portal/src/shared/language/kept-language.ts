import type { Language } from './languages';

const KEY = 'rollcall_language';

/** The part of the address that holds the choice where the browser keeps nothing, as in a frame of another site. */
const PARAMETER = 'language';

/** The language that the reader chose, as it was kept; null for none. */
export function readKeptLanguage(): string | null {
  const named = new URLSearchParams(window.location.search).get(PARAMETER);
  if (named !== null) return named;
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Loads the page anew in another language, and keeps that choice: in the browser, or else in the address of the page. */
export function switchLanguage(language: Language): void {
  const address = new URL(window.location.href);
  address.searchParams.delete(PARAMETER);
  if (!keep(language)) address.searchParams.set(PARAMETER, language);
  if (address.href === window.location.href) window.location.reload();
  else window.location.replace(address);
}

function keep(language: Language): boolean {
  try {
    localStorage.setItem(KEY, language);
    return true;
  } catch {
    return false;
  }
}
