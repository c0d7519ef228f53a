/** Origins whose pages may show the portal, at most. */
export const ALLOWED_ORIGINS_MAX = 20;

/** Hosts that are this machine, whatever speaks there. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Letters, digits, dots and hyphens: nothing that means something in a header, such as `*` or `;`. */
const HOST = /^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])$/;

/**
 * The origin that a text names, as browsers write it: https, or http on this machine. Null for anything else: a path, a pattern, another
 * scheme.
 */
export function readOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isPlain) return null;
  if (!HOST.test(url.hostname)) return null;
  const rest = url.href.slice(url.origin.length);
  return rest === '/' && !/[?#\s]/.test(text) ? url.origin : null;
}
