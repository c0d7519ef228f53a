import { PortalError, toPortalError } from './portal-error';
import { readSurface } from './surface';

interface DownloadOptions {
  /** Query parameters; '' is left out. */
  query: Readonly<Record<string, string>>;
  /** The form of it, as a media type. */
  accept: string;
}

/**
 * Reads a file from an address of this origin, however long it is, with what every call of the page's application says (`surface.ts`).
 * @throws PortalError when it is refused, or cut off on its way
 */
export async function download(url: string, { query, accept }: DownloadOptions): Promise<Blob> {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  let response: Response;
  try {
    response = await fetch(`${url}?${parameters.toString()}`, {
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { accept, ...readSurface().headers() },
    });
    if (response.ok) return await response.blob();
  } catch {
    throw new PortalError(0, 'network', 'The server could not be reached.');
  }
  throw toPortalError(response.status, await response.json().catch(() => undefined));
}
