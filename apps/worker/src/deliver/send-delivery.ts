import { setTimeout as sleep } from 'node:timers/promises';
import { DELIVERY_DEADLINE_MS } from '@rollcall/contract';
import type { DeliveryError } from '@rollcall/contract';
import type { EgressClient, EgressResponse, RequestPhases } from '@rollcall/egress';
import { EgressError } from '@rollcall/egress';
import type { Clock, Logger, Span } from '@rollcall/platform';
import { publicId } from '@rollcall/platform';
import {
  classifyOutcome,
  decideNext,
  renderMessages,
  signWebhook,
  signWorkos,
  unsentMessages,
} from '@rollcall/webhooks';
import type { AttemptOutcome, DialectMessage, DialectSettings, NextStep, SecretTurns } from '@rollcall/webhooks';
import type { ClaimedDelivery, ClaimedEndpoint, FinishedDelivery } from '@rollcall/pipeline-store';
import type { MessagePace } from './message-pace';

export interface SendDependencies {
  egress: EgressClient;
  logger: Logger;
  clock: Clock;
  random: () => number;
  /** Seconds to wait after the first, second, … failed attempt. */
  schedule: readonly number[];
  /** Opens a sealed webhook secret. */
  openSecret: (sealed: string) => string;
}

export interface Sending {
  signal: AbortSignal;
  /** In which the receiver goes on; ended with the attempt. */
  span?: Span | null;
  /** Whether the lease still has time for a further message of the same event, to begin in so many milliseconds. */
  mayBegin: (inMs: number) => boolean;
  /** That of the endpoint. */
  pace: MessagePace;
  /** Those of the endpoint. */
  secretTurns: SecretTurns;
}

/**
 * One attempt: signs the stored bytes, or what the endpoint's dialect makes of them, with a fresh timestamp, posts them, and says
 * what follows. Never throws.
 */
export async function sendDelivery(
  dependencies: SendDependencies,
  endpoint: ClaimedEndpoint,
  delivery: ClaimedDelivery,
  sending: Sending,
): Promise<FinishedDelivery> {
  const { span } = sending;
  const startTime = dependencies.clock();
  const attempt =
    endpoint.dialect === null
      ? await post(dependencies, endpoint, { ...delivery, messageId: publicId('evt', delivery.eventId) }, sending)
      : await postMessages(dependencies, endpoint, { delivery, dialect: endpoint.dialect }, sending);
  const next = decideNext({
    attempt: spentAttempts(delivery),
    outcome: attempt.outcome,
    retryAfter: attempt.response?.headers['retry-after'] ?? null,
    schedule: delivery.test ? [] : dependencies.schedule,
    now: dependencies.clock(),
    random: dependencies.random,
  });
  logAttempt(dependencies.logger, delivery, attempt, { next, traceId: span?.traceId });
  if (span) endSpan(span, endpoint, delivery, attempt);
  return {
    directoryId: delivery.directoryId,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    startTime,
    status: attempt.response?.status ?? null,
    error: attempt.error,
    phases: { ...attempt.phases },
    further: attempt.further,
    requestHeaders: attempt.headers,
    responseHeaders: attempt.response?.headers ?? {},
    responseBody: attempt.response?.body ?? '',
    fate: fateOf(next, delivery),
    endpointGone: next.kind === 'disable-endpoint' && !delivery.test,
    test: delivery.test,
  };
}

/** The place of an attempt in the schedule: those that were accepted and only went on are not counted. */
function spentAttempts({ attempt, last }: Pick<ClaimedDelivery, 'attempt' | 'last'>): number {
  return attempt - (last?.accepted ?? 0);
}

interface Attempt {
  /** What was to be sent; empty when it could not be signed. */
  headers: Record<string, string>;
  outcome: AttemptOutcome;
  response: EgressResponse | null;
  error: DeliveryError | null;
  phases: RequestPhases | undefined;
  /** Requests that were made before this one. */
  further?: number;
}

/** A request to make. */
interface Request extends Pick<ClaimedDelivery, 'attempt' | 'last' | 'replayId' | 'test' | 'body'> {
  /** The key by which receivers drop repeats. */
  messageId: string;
}

/**
 * Posts what a dialect makes of an event, one message after another, until one is not accepted or the lease has no time for more.
 * The attempt is that of the message which it ended with, so that the next one knows where to go on: what does not count, or could
 * not be made, is none.
 */
async function postMessages(
  dependencies: SendDependencies,
  endpoint: ClaimedEndpoint,
  { delivery, dialect }: { delivery: ClaimedDelivery; dialect: DialectSettings },
  sending: Sending,
): Promise<Attempt> {
  const { pace, signal } = sending;
  let messages: DialectMessage[];
  try {
    messages = unsentMessages(renderMessages(dialect, delivery.body), delivery.last ?? null);
  } catch {
    return { headers: {}, outcome: { kind: 'failure' }, response: null, error: 'internal', phases: undefined };
  }
  let attempt: Attempt = { headers: {}, outcome: { kind: 'unsent' }, response: null, error: null, phases: undefined };
  for (const [place, { id, body }] of messages.entries()) {
    const waitMs = place === 0 ? 0 : pace.waitMs;
    if (place > 0 && !sending.mayBegin(waitMs)) return { ...attempt, outcome: { kind: 'cut' } };
    pace.take(endpoint.rateLimit);
    // Stopped meanwhile, the message is aborted like one that is on its way.
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    const request = { ...delivery, messageId: id, body };
    const sent = { ...(await post(dependencies, endpoint, request, sending)), further: place };
    if (place > 0 && (sent.outcome.kind === 'aborted' || !isSigned(sent)))
      return { ...attempt, outcome: { kind: 'cut' } };
    if (classifyOutcome(sent.outcome) !== 'success') return sent;
    attempt = sent;
  }
  return attempt;
}

async function post(
  dependencies: SendDependencies,
  endpoint: ClaimedEndpoint,
  request: Request,
  { signal, span, secretTurns }: Sending,
): Promise<Attempt> {
  const { dialect, sealedSecrets } = endpoint;
  const secret = dialect?.name === 'workos' ? secretTurns.choose(sealedSecrets, spentAttempts(request)) : undefined;
  let headers: Record<string, string> = {};
  try {
    const traceparent = span?.traceparent;
    headers = { ...headersOf(dependencies, endpoint, request, secret), ...(traceparent && { traceparent }) };
    const response = await dependencies.egress.post({
      url: endpoint.url,
      headers,
      body: request.body,
      deadlineMs: DELIVERY_DEADLINE_MS,
      signal,
    });
    const { status, phases } = response;
    const error = isRedirect(status) ? 'redirect' : null;
    const outcome = { kind: 'response' as const, status };
    if (secret !== undefined) secretTurns.learn(secret, sealedSecrets, classifyOutcome(outcome) === 'success');
    return { headers, outcome, response, error, phases };
  } catch (error) {
    const { reason, phases } =
      error instanceof EgressError ? error : { reason: 'internal' as const, phases: undefined };
    return { headers, outcome: outcomeOf(error), response: null, error: reason, phases };
  }
}

/** `secret`: the sealed one that signs alone, where the dialect has room for no more. */
function headersOf(
  { openSecret, clock }: Pick<SendDependencies, 'openSecret' | 'clock'>,
  { sealedSecrets }: ClaimedEndpoint,
  { messageId, body, replayId, test }: Request,
  secret: string | undefined,
): Record<string, string> {
  const timestamp = clock();
  const signed =
    secret === undefined
      ? signWebhook({ id: messageId, timestamp, body, secrets: sealedSecrets.map(openSecret) })
      : { 'webhook-id': messageId, ...signWorkos({ timestamp, body, secret: openSecret(secret) }) };
  return {
    'content-type': 'application/json',
    'user-agent': 'Rollcall-Webhooks/1',
    ...signed,
    ...(replayId !== null && { 'rollcall-replay': publicId('rpl', replayId) }),
    ...(test && { 'rollcall-test': 'true' }),
  };
}

function isSigned({ headers }: Attempt): boolean {
  return Object.keys(headers).length > 0;
}

/** Redirects are not followed; the status alone would not say that this is why the attempt failed. */
function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function outcomeOf(error: unknown): AttemptOutcome {
  if (!(error instanceof EgressError)) return { kind: 'failure' };
  if (error.reason === 'aborted') return { kind: 'aborted' };
  return { kind: error.blocked ? 'blocked' : 'failure' };
}

function fateOf(next: NextStep, { test }: ClaimedDelivery): FinishedDelivery['fate'] {
  switch (next.kind) {
    case 'succeeded':
      return { state: 'succeeded' };
    case 'continue':
      return { state: 'pending', delayMs: 0, accepted: true };
    case 'retry':
      return { state: 'pending', delayMs: next.delayMs };
    case 'not-counted':
      return { state: 'released' };
    case 'disable-endpoint':
      // The endpoint is switched off with this attempt: the event waits with the others until it is on again. A test has its answer.
      return test ? { state: 'failed' } : { state: 'pending', delayMs: 0 };
    case 'exhausted':
    case 'failed':
      return { state: 'failed' };
  }
}

/** Attributes as https://opentelemetry.io/docs/specs/semconv/http/http-spans/ names them; of the address the host alone. */
function endSpan(span: Span, { url }: ClaimedEndpoint, delivery: ClaimedDelivery, attempt: Attempt): void {
  const { outcome, response, error } = attempt;
  span.set({
    'http.request.method': 'POST',
    'server.address': URL.canParse(url) ? new URL(url).hostname : undefined,
    'http.response.status_code': response?.status,
    'rollcall.delivery_id': publicId('dlv', delivery.id),
    'rollcall.event_id': publicId('evt', delivery.eventId),
    'rollcall.attempt': delivery.attempt,
  });
  const meaning = classifyOutcome(outcome);
  if (meaning !== 'success' && meaning !== 'partial') {
    span.fail(outcome.kind === 'response' ? String(outcome.status) : (error ?? outcome.kind));
  }
  span.end();
}

function logAttempt(
  logger: Logger,
  delivery: ClaimedDelivery,
  attempt: Attempt,
  { next, traceId }: { next: NextStep; traceId: string | undefined },
): void {
  logger.info(
    {
      delivery_id: publicId('dlv', delivery.id),
      event_id: publicId('evt', delivery.eventId),
      directory_id: publicId('dir', delivery.directoryId),
      attempt: delivery.attempt,
      status: attempt.response?.status,
      reason: attempt.error ?? undefined,
      ms: attempt.phases?.total,
      next: next.kind,
      trace_id: traceId,
    },
    'delivery.attempted',
  );
}
