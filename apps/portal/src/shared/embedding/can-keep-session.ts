import { isFramed } from './parent-page';

const PROBE = 'rollcall_probe';

/**
 * Whether the browser keeps a session's cookie for this page. In a frame of another site it may not: then the link must not be used up for
 * nothing.
 */
export function canKeepSession(): boolean {
  if (!isFramed()) return true;
  // As the server sets that of the session, but for scripts to be seen.
  const attributes =
    window.location.protocol === 'https:' ? 'Path=/; Secure; SameSite=None; Partitioned' : 'Path=/; SameSite=Strict';
  try {
    // oxlint-disable-next-line unicorn/no-document-cookie -- the newer interface is not in every browser
    document.cookie = `${PROBE}=1; Max-Age=10; ${attributes}`;
    const isKept = document.cookie.split('; ').includes(`${PROBE}=1`);
    // oxlint-disable-next-line unicorn/no-document-cookie -- as above
    document.cookie = `${PROBE}=; Max-Age=0; ${attributes}`;
    return isKept;
  } catch {
    // A sandbox without an origin of its own.
    return false;
  }
}
