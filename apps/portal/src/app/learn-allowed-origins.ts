import { getAllowedOrigins } from '../shared/api/portal-api';
import { allowOrigins, isFramed, readNamedEnvironment } from '../shared/embedding/parent-page';

/**
 * Asks before there is a session whom a page in a frame may talk to: so also a link that does not open is told to the page that shows it.
 * Where that cannot be learned, the session says it.
 */
export async function learnAllowedOrigins(): Promise<void> {
  const environment = readNamedEnvironment();
  if (!isFramed() || environment === null) return;
  try {
    allowOrigins(await getAllowedOrigins(environment));
  } catch {
    // What is to be told waits for the session.
  }
}
