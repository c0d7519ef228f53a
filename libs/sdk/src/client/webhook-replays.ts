import { apiPath } from './api-url';
import type { ApiRequest, Connection } from './connection';
import type { WebhookReplay, WebhookReplayInput, WebhookReplayPreview } from '../webhook-endpoint-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';

/** Stored events sent to an endpoint once more. */
export function webhookReplayCalls(connection: Connection) {
  const readReplay = async (request: ApiRequest) => (await connection.json<{ replay: WebhookReplay }>(request)).replay;

  function replay(endpointId: string, range: WebhookReplayInput & { dry_run: true }): Promise<WebhookReplayPreview>;
  function replay(endpointId: string, range?: WebhookReplayInput & { dry_run?: false }): Promise<WebhookReplay>;
  async function replay(
    endpointId: string,
    range: WebhookReplayInput = {},
  ): Promise<WebhookReplay | WebhookReplayPreview> {
    return readReplay({ method: 'POST', path: apiPath`/webhook_endpoints/${endpointId}:replay`, body: range });
  }

  return {
    /** Sends stored events again, marked by the header `rollcall-replay`. Answers at once: `getReplay` tells its progress. */
    replay,
    /** Newest first. */
    listReplays: (endpointId: string, query: PageSize = {}): PagedList<WebhookReplay> =>
      pagedList(connection, {
        path: apiPath`/webhook_endpoints/${endpointId}/replays`,
        itemsKey: 'replays',
        query: { ...query },
      }),
    getReplay: (endpointId: string, replayId: string): Promise<WebhookReplay> =>
      readReplay({ path: apiPath`/webhook_endpoints/${endpointId}/replays/${replayId}` }),
    /** Nothing more is sent until it is resumed. */
    pauseReplay: (endpointId: string, replayId: string): Promise<WebhookReplay> =>
      readReplay({ method: 'POST', path: apiPath`/webhook_endpoints/${endpointId}/replays/${replayId}:pause` }),
    resumeReplay: (endpointId: string, replayId: string): Promise<WebhookReplay> =>
      readReplay({ method: 'POST', path: apiPath`/webhook_endpoints/${endpointId}/replays/${replayId}:resume` }),
    /** Ends it; what is on the way may still arrive. */
    cancelReplay: (endpointId: string, replayId: string): Promise<WebhookReplay> =>
      readReplay({ method: 'POST', path: apiPath`/webhook_endpoints/${endpointId}/replays/${replayId}:cancel` }),
  };
}
