/** Where to sign in, and then be back at the page that is shown. */
export function signInAddress({ pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>): string {
  const back = pathname + search + hash;
  return back === '/dashboard'
    ? '/dashboard/sign-in'
    : `/dashboard/sign-in?${new URLSearchParams({ back }).toString()}`;
}
