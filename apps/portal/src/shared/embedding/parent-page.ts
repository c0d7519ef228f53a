import { PORTAL_EMBED_PARAMETER, PORTAL_EMBEDDED_HEADER, type PortalMessage } from '@rollcall/contract';

/** Whether another page shows this one in a frame. */
export function isFramed(): boolean {
  return globalThis.parent !== globalThis.window;
}

/** What every call of the portal's API says besides, so that the session is that of the frame. */
export function embeddedHeader(): Record<string, string> {
  return isFramed() ? { [PORTAL_EMBEDDED_HEADER]: '1' } : {};
}

/** The environment that the link named, for which the server says who may show the page; null: it names none. */
export function readNamedEnvironment(): string | null {
  return new URLSearchParams(window.location.search).get(PORTAL_EMBED_PARAMETER);
}

/** Messages that wait until it is known whom the page may talk to; null: they are sent. */
let waiting: PortalMessage[] | null = [];
let allowed: readonly string[] = [];

/** Tells which origins the owner of the app allows; the first time, what waited is sent. */
export function allowOrigins(origins: readonly string[]): void {
  allowed = origins;
  const messages = waiting ?? [];
  waiting = null;
  for (const message of messages) post(message);
}

/**
 * Tells the page that shows this one what happened. It is sent to an origin that the owner allows and to no other; without a frame, or while
 * nothing is known of whom that is, to nobody.
 */
export function tellParent(message: PortalMessage): void {
  if (!isFramed()) return;
  if (waiting) waiting.push(message);
  else post(message);
}

function post(message: PortalMessage): void {
  const origin = readParentOrigin();
  // A parent that says nothing of itself is one of those whom the browser let frame this page: only to that one it delivers.
  const targets = origin === null ? allowed : allowed.filter((known) => known === origin);
  for (const target of targets) window.parent.postMessage(message, target);
}

/** Of the page right above; null where the browser or that page does not tell. */
function readParentOrigin(): string | null {
  const [ancestor] = window.location.ancestorOrigins ?? [];
  if (ancestor !== undefined && ancestor !== 'null') return ancestor;
  return URL.canParse(document.referrer) ? new URL(document.referrer).origin : null;
}
