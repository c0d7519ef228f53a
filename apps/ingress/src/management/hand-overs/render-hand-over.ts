import { handOverState } from '@rollcall/directory';
import type { HandOverView } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import type { HandOverItem, NewHandOverAnswer } from './hand-over.dto';

/** A hand-over as the APIs show it. */
export function renderHandOver({ handOver, connectedTime }: HandOverView, now: Date): HandOverItem {
  const { expireTime, openedTime, tokenShownTime, revokedTime } = handOver;
  return {
    id: publicId('hov', handOver.id),
    directory_id: publicId('dir', handOver.directoryId),
    state: handOverState({ expireTime, openedTime, tokenShownTime, connectedTime, revokedTime }, now),
    create_time: handOver.createTime.toISOString(),
    expire_time: expireTime.toISOString(),
    opened_time: openedTime?.toISOString() ?? null,
    token_shown_time: tokenShownTime?.toISOString() ?? null,
    secret_id: handOver.secretId && publicId('sec', handOver.secretId),
    connected_time: connectedTime?.toISOString() ?? null,
    revoked_time: revokedTime?.toISOString() ?? null,
  };
}

/** One that was made just now, with its address. */
export function renderNewHandOver(made: HandOverView & { location: string }, now: Date): NewHandOverAnswer {
  return { hand_over: Object.assign(renderHandOver(made, now), { location: made.location }) };
}
