import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { DataSource, InjectDataSource, notFound } from '@rollcall/database';
import { admitMember, hasMembers, signedOut, touchMember } from '@rollcall/management';
import type { AdmittedMember } from '@rollcall/management';
import { DASHBOARD_ENVIRONMENT_HEADER } from '@rollcall/contract';
import { addressBlock, AppError, hashOpaqueToken, parseId } from '@rollcall/platform';
import type { Logger } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { CONFIG, LOGGER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { RateLimits } from '../http/rate-limits';
import { readDashboardCookie } from './dashboard-cookie';

/** Sessions that a process remembers to have seen open. */
const REMEMBERED = 10_000;

/** Finds out who a request of the dashboard's pages is from. */
@Injectable()
export class MemberSessions {
  private readonly seen = new LRUCache<string, true>({ max: REMEMBERED });
  private readonly touching = new Set<string>();
  private isSetUp = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly limits: RateLimits,
  ) {}

  /** Whether a request comes with the cookie of a session, open or not. */
  hasCookie(request: FastifyRequest): boolean {
    return readDashboardCookie(request, this.config.publicUrl) !== null;
  }

  /**
   * The member of the session that a request comes with, with the role in that environment. Throws AppError `unauthenticated`, in
   * whose details `setup_required` is true while nobody can sign in yet; `rate_limited` for an address that makes cookies up.
   * @param environmentId bare; null: none is asked for
   */
  async require(request: FastifyRequest, environmentId: string | null): Promise<AdmittedMember> {
    const member = await this.find(request, environmentId);
    if (member) return member;
    this.isSetUp ||= await hasMembers(this.dataSource);
    throw signedOut(this.isSetUp ? undefined : { setup_required: true });
  }

  /** The same; null when there is none. */
  async find(request: FastifyRequest, environmentId: string | null): Promise<AdmittedMember | null> {
    const token = readDashboardCookie(request, this.config.publicUrl);
    if (token === null) return null;
    const hash = hashOpaqueToken(token);
    const find = () => admitMember(this.dataSource, hash, environmentId);
    const member = this.seen.get(hash)
      ? await find()
      : await this.limits.findUnproven(addressBlock(clientAddress(request)), find);
    if (!member) return null;
    this.seen.set(hash, true);
    if (member.touch) this.touch(member);
    return member;
  }

  /** Nobody waits for it. A failure is only logged: the next use is noted again. */
  private touch(member: AdmittedMember): void {
    if (this.touching.has(member.sessionId)) return;
    this.touching.add(member.sessionId);
    touchMember(this.dataSource, member)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'could not note the use of a dashboard session'))
      .finally(() => this.touching.delete(member.sessionId));
  }
}

/** The environment that a page says it shows, bare; null when it says none. Throws AppError `environment_not_found`. */
export function namedEnvironment({ headers, query }: FastifyRequest): string | null {
  const named = headers[DASHBOARD_ENVIRONMENT_HEADER] ?? (isForStream(headers) ? environmentIn(query) : undefined);
  if (named === undefined) return null;
  const id = typeof named === 'string' ? parseId('env', named) : null;
  if (id === null) throw notFound('environment');
  return id;
}

/** A browser asks for a stream of events without a header of the page's. */
function isForStream({ accept }: FastifyRequest['headers']): boolean {
  return accept === 'text/event-stream';
}

function environmentIn(query: unknown): unknown {
  return (query as { environment?: unknown } | undefined)?.environment;
}

/** The same, for what is done in one: 400 without. */
export function requireNamedEnvironment(request: FastifyRequest): string {
  const id = namedEnvironment(request);
  if (id !== null) return id;
  throw new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: `Say with the header ${DASHBOARD_ENVIRONMENT_HEADER} which environment this is for.`,
  });
}
