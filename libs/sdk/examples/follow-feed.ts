import { consume } from '@rollcall/sdk';
import type { Checkpoints, RollcallClient, RollcallEvent } from '@rollcall/sdk';

/** In the place of webhooks: follows the events of the whole environment until it is told to stop. */
export function followFeed(
  client: RollcallClient,
  checkpoints: Checkpoints,
  handle: (event: RollcallEvent) => Promise<void>,
): { stop: () => Promise<void> } {
  const controller = new AbortController();
  const running = consume({ client, checkpoints, handle, signal: controller.signal });
  return {
    stop: () => {
      controller.abort();
      return running;
    },
  };
}
