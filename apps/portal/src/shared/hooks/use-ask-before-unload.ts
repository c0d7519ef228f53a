import { useLayoutEffect } from 'react';

/**
 * Lets the browser ask before a reload, a closed tab or another address takes the page away. In a layout effect, so that it
 * stops asking in the moment in which the page shows that there is nothing to lose.
 */
export function useAskBeforeUnload(isNeeded: boolean): void {
  useLayoutEffect(() => {
    if (!isNeeded) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isNeeded]);
}
