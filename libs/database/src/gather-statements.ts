import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';

/** What pg has and its types do not tell. */
interface ClientOnSocket extends ClientBase {
  readonly connection: { readonly stream: Socket };
}

/**
 * Has the statements that a connection is given in one turn of the event loop leave together: one write of ours, and one packet that
 * wakes the server, instead of one for each.
 */
export function gatherStatements(client: ClientBase): void {
  const { stream } = (client as ClientOnSocket).connection;
  const query = client.query.bind(client) as (...sent: unknown[]) => unknown;
  let isGathering = false;
  const flush = () => {
    isGathering = false;
    stream.uncork();
  };
  client.query = ((...sent: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      // Comes behind the promises that are resolved by then, in which most statements of a pipeline are sent.
      process.nextTick(flush);
    }
    return query(...sent);
  }) as ClientBase['query'];
}
