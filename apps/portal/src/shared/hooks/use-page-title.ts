import { useEffect } from 'react';
import { readSurface } from '../api/surface';

/** Names the browser's tab after what the page shows. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${readSurface().title}`;
  }, [title]);
}
