import { organizationHeader } from './page-organization';
import { PortalError, toPortalError } from './portal-error';

/** Reads a file from the portal's API, however long it is. Throws PortalError. */
export async function download(path: string, query: Readonly<Record<string, string>>): Promise<Blob> {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  let response: Response;
  try {
    response = await fetch(`/portal/api${path}?${parameters.toString()}`, {
      credentials: 'same-origin',
      cache: 'no-store',
      headers: organizationHeader(),
    });
    if (response.ok) return await response.blob();
  } catch {
    throw new PortalError(0, 'network', 'The server could not be reached.');
  }
  throw toPortalError(response.status, await response.json().catch(() => undefined));
}

/** Hands a file to the browser to be stored under a name. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has the file from the click on; the address is not needed for longer.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
