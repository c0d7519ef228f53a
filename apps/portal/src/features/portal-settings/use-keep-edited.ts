import { useEffect } from 'react';

/** Has the browser ask before a page is left on which something was edited and not saved. */
export function useKeepEdited(hasEdits: boolean): void {
  useEffect(() => {
    if (!hasEdits) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [hasEdits]);
}
