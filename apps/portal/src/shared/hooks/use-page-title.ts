import { useEffect } from 'react';

/** Names the browser's tab after what the page shows. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Admin portal`;
  }, [title]);
}
