import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@rollcall/embedded-postgres';
import { RollcallError } from '@rollcall/sdk';
import type { EventPage, EventQuery, RollcallClient, RollcallEvent } from '@rollcall/sdk';
import { generateWebhookSecret, signWebhook } from '@rollcall/webhooks';
import { connectToServer } from './connect-to-server';
import type { Server, ServerRequest } from './connect-to-server';
import { describeForward } from './describe-forward';
import type { Forward } from './describe-forward';

export interface ListenOptions {
  readonly url?: string;
  readonly 'forward-to'?: string;
  readonly type?: readonly string[];
  readonly organization?: string;
  readonly directory?: string;
  readonly secret?: string;
  readonly resend?: string;
  readonly json?: boolean;
}

/** How often the server is asked for more. */
const POLL_MS = 500;
/** Pauses before the next try while it cannot be reached, doubled each time. */
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 30_000;
/** As long as a webhook may take. */
const ANSWER_MS = 15_000;

/**
 * Sends the events of an environment to an address that only this machine reaches, as they happen and one after the other, signed anew
 * with a secret of this machine's; or with `resend` one event once. Ends when the signal aborts. Nothing of it is an attempt of the
 * server's, and what could not be sent is not tried again.
 * @throws StartError for an option that cannot be used, RollcallError for what the server refuses
 */
export async function listen(request: ServerRequest, options: ListenOptions): Promise<void> {
  const target = readTarget(options['forward-to']);
  const server = await connectToServer(request, options.url);
  const secret = readSecret(options.secret) ?? deriveSecret(server);
  const forward = (event: RollcallEvent) => send({ event, target, secret, signal: request.signal });
  const tell = (result: Forward) => request.say(options.json ? JSON.stringify(result) : describeForward(result));
  if (options.resend !== undefined) {
    tell(await forward(await server.client.events.get(options.resend)));
    return;
  }
  if (!options.json) {
    request.say(`Events of ${server.baseUrl} go to ${target} from now on, signed with`);
    request.say(`  ${secret}`);
    request.say('Ctrl+C ends it.');
  }
  for await (const event of follow(request, server.client, options)) tell(await forward(event));
}

function readTarget(text: string | undefined): string {
  if (text && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new StartError('Say where events go: --forward-to <url>, such as http://localhost:3000/webhooks/rollcall.');
}

function readSecret(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    signWebhook({ id: 'secret', timestamp: new Date(), body: '', secrets: [text] });
    return text;
  } catch (error) {
    throw new StartError(`--secret: ${(error as Error).message}.`);
  }
}

/** The same each time, so that an app can keep it in its settings, and of no use with the server's own deliveries. */
function deriveSecret({ credential }: Server): string {
  return generateWebhookSecret(createHmac('sha256', credential).update('rollcall listen').digest());
}

/** Every event from now on that is asked for. A server that is away is asked again; a position that it does not know any more, from its end. */
async function* follow(
  { note, signal }: ServerRequest,
  client: RollcallClient,
  { type, organization, directory }: ListenOptions,
): AsyncGenerator<RollcallEvent, void, undefined> {
  const filter = { types: type, organization_id: organization, directory_id: directory, signal };
  let position: EventQuery | null = null;
  for (let failures = 0; !signal.aborted;) {
    let page: EventPage | undefined;
    try {
      position ??= { after: await findEnd(client, filter) };
      page = await client.events.readPage({ ...filter, ...position });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RollcallError && error.status === 410) {
        note('The server does not know this position any more: going on with what is new.');
        position = null;
        await pause(PAUSE_MS, signal);
        continue;
      }
      if (!isTransient(error)) throw error;
      if (failures === 0) note(`The server cannot be reached (${(error as Error).message}): trying again.`);
      await pause(Math.min(PAUSE_MS * 2 ** failures++, PAUSE_MAX_MS), signal);
      continue;
    }
    yield* page.events;
    position = { after: page.next_after };
    if (!page.has_more) await pause(POLL_MS, signal);
  }
}

/** Where the feed ends now. */
async function findEnd(client: RollcallClient, filter: EventQuery): Promise<string | undefined> {
  const { events } = await client.events.latest({ ...filter, page_size: 1 });
  return events[0]?.id;
}

function isTransient(error: unknown): boolean {
  return error instanceof RollcallError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

interface Sending {
  event: RollcallEvent;
  target: string;
  secret: string;
  signal: AbortSignal;
}

async function send({ event, target, secret, signal }: Sending): Promise<Forward> {
  const body = JSON.stringify(event);
  const headers = signWebhook({ id: event.id, timestamp: new Date(), body, secrets: [secret] });
  const start = performance.now();
  const { id, type, directory_id, sequence } = event;
  const result = (status: number | null, error?: string): Forward => {
    const ms = Math.round(performance.now() - start);
    return { time: new Date().toISOString(), id, type, directory_id, sequence, status, ms, ...(error && { error }) };
  };
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    await response.body?.cancel();
    return result(response.status);
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    return result(null, cause?.code ?? cause?.message ?? message);
  }
}
