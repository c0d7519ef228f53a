const ORIGIN = 'http://rollcall.invalid';

/**
 * Where to go after signing in: what the address says, if it is a page of the dashboard. Anything else could be another site's link that
 * uses ours to look trustworthy.
 */
export function backAddress(search: string): string {
  const back = new URLSearchParams(search).get('back') ?? '';
  if (!URL.canParse(back, ORIGIN)) return '/dashboard';
  const { origin, pathname, search: query, hash } = new URL(back, ORIGIN);
  if (origin !== ORIGIN || !/^\/dashboard(\/(?!api(\/|$))[\w.~/-]*)?$/.test(pathname)) return '/dashboard';
  return pathname + query + hash;
}
