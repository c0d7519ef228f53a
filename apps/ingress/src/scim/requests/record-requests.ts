import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { RequestOutcome } from '@rollcall/contract';
import type { RecordedRequest, RequestPack } from '@rollcall/directory';
import { isBareId } from '@rollcall/platform';
import type { Logger, Metrics } from '@rollcall/platform';
import { recordRequests } from '@rollcall/scim-store';
import { clientAddress } from '../../http/client-address';
import { LOGGER, METRICS, SCIM_POOLS } from '../../http/context.module';
import { onEnded } from '../../http/on-ended';
import type { ScimPools } from '../../open-connections';
import { findCorrelationId } from './find-correlation-id';
import { isRead } from './is-read';
import { omittedBody, redactBody, userNameKeyOf } from './redact-body';
import { redactPath } from './redact-path';
import { redactDetail, storable } from './redact-text';
import { RequestBuffer } from './request-buffer';
import type { WaitingPack } from './request-buffer';
import type { Answer, RequestDraft } from './request-draft';
import { RepeatedRefusals } from './skip-repeated';

/** A request is in the log after so long. */
const FLUSH_EVERY_MS = 500;
/** Requests of one statement; as many that wait are written at once. */
const BATCH = 1_000;

/** What a request takes beside its texts. */
const ROW_SIZE = 500;

/** Why a request is not in the log. */
const UNRECORDED = ['over_limit', 'full', 'failed'] as const;

/**
 * Writes SCIM requests in the request log, a moment after their answers and many in one statement: no request waits for it, and none
 * is broken by it. What waits is bounded; what finds no room, and what a directory sends on and on over its limit, is counted in the log
 * and in a metric.
 */
@Injectable()
export class RequestRecorder implements OnApplicationShutdown {
  private readonly buffer = new RequestBuffer();
  private readonly repeated = new RepeatedRefusals();
  private readonly keepsBodies = new LRUCache<string, boolean>({ max: 10_000 });
  private readonly timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
  private readonly unrecorded;
  private writing: Promise<void> | null = null;

  constructor(
    @Inject(SCIM_POOLS) private readonly pools: ScimPools,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    const help = 'SCIM requests that the request log has no entry of.';
    this.unrecorded = metrics.counter('rollcall_scim_requests_unrecorded_total', help, ['reason']);
    // Prometheus sees an increase only of a series that was there before.
    for (const reason of UNRECORDED) this.unrecorded.inc({ reason }, 0);
  }

  /** Whether the directory's bodies are kept whole; known once something of it was written. */
  isWhole(directoryId: string): boolean {
    return this.keepsBodies.get(directoryId) ?? false;
  }

  /** Takes in a request that was answered. Never throws. */
  record(request: FastifyRequest, reply: FastifyReply, draft: RequestDraft): void {
    try {
      if (draft.failure) throw draft.failure.error;
      if (this.isLeftOut(draft.caller.directoryId, reply.statusCode)) return;
      this.add(recordOf(request, reply, draft));
    } catch (error) {
      this.lose(error, 1);
    }
  }

  /** Whether it is one of many that were over a limit. */
  private isLeftOut(directoryId: string, status: number): boolean {
    const isLeftOut = this.repeated.skip(directoryId, status, performance.now());
    if (isLeftOut) this.unrecorded.inc({ reason: 'over_limit' });
    return isLeftOut;
  }

  private add(request: RecordedRequest): void {
    const { path, request_body, response_body } = request;
    const size = ROW_SIZE + path.length + (request_body?.length ?? 0) + (response_body?.length ?? 0);
    request.not_recorded = this.repeated.takeSkipped(request.directory_id);
    if (!this.buffer.add(request, size)) this.unrecorded.inc({ reason: 'full' });
    if (this.buffer.length >= BATCH) void this.flush();
  }

  /** Writes what waits; one run at a time, and who comes meanwhile waits for its end. What cannot be written is lost, and the log says so. */
  async flush(): Promise<void> {
    if (this.writing) return this.writing;
    if (this.buffer.length === 0) return;
    this.writing = this.write().finally(() => (this.writing = null));
    return this.writing;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    // One that is under way does not have what came since.
    await this.flush();
    await this.flush();
  }

  private async write(): Promise<void> {
    let batch: WaitingPack[] = [];
    let requests = 0;
    for (const waiting of this.buffer.take()) {
      batch.push(waiting);
      requests += waiting.pack.length;
      if (requests < BATCH) continue;
      await this.store(batch, requests);
      [batch, requests] = [[], 0];
    }
    if (batch.length > 0) await this.store(batch, requests);
  }

  private async store(batch: readonly WaitingPack[], requests: number): Promise<void> {
    try {
      const packs: RequestPack[] = [];
      for (const { pack, missed } of batch) {
        const closed = pack.close(missed);
        packs.push(closed);
        // To deflate a full pack takes a millisecond.
        if (closed.deflatedBodies) await nextTurn();
      }
      for (const [directoryId, keepsBodies] of await recordRequests(this.pools.alone, packs)) {
        this.keepsBodies.set(directoryId, keepsBodies);
      }
    } catch (error) {
      this.lose(error, requests);
    }
  }

  private lose(error: unknown, requests: number): void {
    this.unrecorded.inc({ reason: 'failed' }, requests);
    this.logger.warn({ err: error, requests }, 'could not write the log of requests');
  }
}

/** Has SCIM requests recorded whose token was verified, refused ones too, once they are answered, also when nobody waited for the answer. */
export function recordScimRequests(app: NestFastifyApplication): void {
  const recorder = app.get(RequestRecorder);
  const server = app.getHttpAdapter().getInstance();
  server.decorateRequest('scimDraft', null);
  onEnded(server, (request, reply) => {
    const draft = request.scimDraft;
    if (draft && request.method !== 'OPTIONS') recorder.record(request, reply, draft);
  });
}

function recordOf(request: FastifyRequest, reply: FastifyReply, draft: RequestDraft): RecordedRequest {
  const { caller, whole, body, userNameKey, problem, answer } = draft;
  const { statusCode: status } = reply;
  const isError = status >= 400;
  const outcome = outcomeOf(request, status, caller.hasChanged);
  const userAgent = request.headers['user-agent'];
  return {
    directory_id: caller.directoryId,
    id: caller.requestId,
    method: request.method,
    path: redactPath(request.url, request.query),
    status,
    outcome,
    scim_type: isError ? problem.scimType : null,
    detail: isError && problem.message !== '' ? redactDetail(problem.message) : null,
    duration_ms: Math.round(reply.elapsedTime * 100) / 100,
    secret_id: caller.secretId,
    user_agent: userAgent === undefined ? null : storable(userAgent, 300),
    correlation_id: findCorrelationId(request.headers),
    ip_address: clientAddress(request),
    resource_id: resourceOf(request, draft),
    user_name_key: userNameKey ?? lookedUp(request),
    request_body: body,
    response_body: answer && !isError ? keptAnswer(answer, outcome, whole) : null,
    whole,
    not_recorded: 0,
  };
}

function outcomeOf(request: FastifyRequest, status: number, hasChanged: boolean): RequestOutcome {
  if (status >= 400) return status >= 500 ? 'failed' : 'refused';
  if (isRead(request)) return 'read';
  return hasChanged ? 'changed' : 'unchanged';
}

/** The resource in the path, or the one that was made. */
function resourceOf(request: FastifyRequest, { location }: RequestDraft): string | null {
  const { id = location?.slice(location.lastIndexOf('/') + 1) } = (request.params ?? {}) as { id?: string };
  return id !== undefined && isBareId(id) ? id : null;
}

/** The userName that a search asks for: so the log can tell that a person was looked for, and never sent. */
function lookedUp({ query }: FastifyRequest): string | null {
  const { filter } = (query ?? {}) as { filter?: unknown };
  if (typeof filter !== 'string' || filter.length > 500) return null;
  const [, userName] = /^\s*userName\s+eq\s+"([^"\\]+)"\s*$/i.exec(filter) ?? [];
  return userNameKeyOf({ userName });
}

/** The answer to a write is kept, redacted; of what was read only which it was: it is there to be read. A refusal is what is told of it. */
function keptAnswer({ body, bytes, logged }: Answer, outcome: RequestOutcome, whole: boolean): string | null {
  if (body !== null && outcome !== 'read') return redactBody(JSON.parse(body), whole, bytes);
  return logged ?? omittedBody(bytes);
}
