import { PortalError } from '../api/portal-error';
import { environmentHeader } from './environment-address';

/**
 * Has the browser save what the management API answers at an address of it, in another form than JSON: `accept` names the form.
 * @throws PortalError when it is refused, or cut off on its way: then nothing is saved
 */
export async function download(
  path: string,
  { accept, fileName }: { accept: string; fileName: string },
): Promise<void> {
  const blob = await fetchBlob(path, accept);
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to save by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function fetchBlob(path: string, accept: string): Promise<Blob> {
  try {
    const response = await fetch(path, { credentials: 'same-origin', headers: { accept, ...environmentHeader() } });
    if (response.ok) return await response.blob();
    throw new PortalError(response.status, 'refused', `The server answered with status ${response.status}.`);
  } catch (error) {
    if (error instanceof PortalError) throw error;
    throw new PortalError(0, 'network', 'The server could not be reached.');
  }
}
