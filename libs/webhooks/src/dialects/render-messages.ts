import type { DialectMessage, DialectSettings } from './dialect-message';
import { readEvent } from './read-event';
import { toScalekit } from './scalekit';
import { toWorkos } from './workos';

const DIALECTS = { scalekit: toScalekit, workos: toWorkos } as const;

/**
 * What is sent of a stored event in a dialect, in order, the same at every call: none when the dialect has nothing for it, several
 * when it tells them one by one, at most as many as the event has members.
 * @throws SyntaxError when the body is no JSON
 */
export function renderMessages({ name, deactivation }: DialectSettings, body: string): DialectMessage[] {
  return DIALECTS[name](readEvent(body), deactivation ?? 'delete');
}

/** What the attempts before have sent of an event's messages. */
export interface LastAttempt {
  /** Of the message that the last one ended with; null when it sent none. */
  messageId: string | null;
  /** Whether that one was accepted. */
  succeeded: boolean;
  /** How many of the attempts ended with an accepted one: they spent nothing of the schedule. */
  accepted: number;
}

/**
 * Those that are still to be sent: a receiver that has answered for some is not sent them again. After an attempt that has sent
 * everything, all of them: the event is sent once more.
 */
export function unsentMessages(
  messages: readonly DialectMessage[],
  last: Pick<LastAttempt, 'messageId' | 'succeeded'> | null,
): DialectMessage[] {
  const place = messages.findIndex(({ id }) => id === last?.messageId);
  const first = last?.succeeded ? place + 1 : place;
  return messages.slice(first > 0 && first < messages.length ? first : 0);
}
