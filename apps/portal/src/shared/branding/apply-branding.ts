import { deriveAccent, type Accent, type Theme } from './derive-accent';

let sheet: CSSStyleSheet | undefined;

/**
 * Gives the page the accent colour of the app's owner, in both themes; null: Rollcall's own. By a style sheet made here, which the content
 * security policy lets a script do, as it does not let a page carry styles.
 */
export function applyAccent(chosen: string | null): void {
  const css = chosen === null ? '' : writeSheet(chosen);
  if (css === '' && !sheet) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(css);
}

/** The values of tokens.css for an accent, by the names they have there. */
export function accentTokens(accent: Accent): Record<string, string> {
  return {
    '--accent': accent.accent,
    '--accent-hover': accent.hover,
    '--accent-ink': accent.ink,
    '--accent-wash': accent.wash,
    '--accent-line': accent.line,
    '--focus': accent.accent,
  };
}

function writeSheet(chosen: string): string {
  const [light, dark] = [writeTokens(chosen, 'light'), writeTokens(chosen, 'dark')];
  return `:root {${light}} @media (prefers-color-scheme: dark) { :root {${dark}} }`;
}

function writeTokens(chosen: string, theme: Theme): string {
  const accent = deriveAccent(chosen, theme);
  if (accent === null) return '';
  return Object.entries(accentTokens(accent))
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ');
}
