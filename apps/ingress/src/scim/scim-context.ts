import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { importedId, isAlias } from '@rollcall/directory';
import { newId, parseId, restOfOwner } from '@rollcall/platform';
import type { Logger, SecretHasher, Shares } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { AdmittedCalls, createCallGatherer, sharePool } from '@rollcall/scim-store';
import type { CallConnection } from '@rollcall/scim-store';
import { clientAddress } from '../http/client-address';
import { CONFIG, LOGGER, SCIM_POOLS, SECRET_HASHER, WAKE_UPS } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { createRequestIds } from '../http/create-request-ids';
import { RateLimits } from '../http/rate-limits';
import type { ScimPools } from '../open-connections';
import { shareAnswerBytes, shareMemberWrites, shareScim, shareSearches } from '../share-connections';
import { createSecretUseRecorder } from './auth/record-secret-uses';
import { createTokenVerifier } from './auth/verify-token';
import type { TokenVerifier } from './auth/verify-token';
import { createExtensionLearner } from './discovery/create-extension-learner';
import type { ExtensionLearner } from './discovery/create-extension-learner';
import { createPagePositions } from './search/page-positions';
import type { PagePositions } from './search/page-positions';

/** About what a write of one resource takes. */
const WRITE_MS = 1;

/** What the SCIM operations have at hand beside their call, which alone reaches the stores. */
@Injectable()
export class ScimContext {
  readonly pages: PagePositions = createPagePositions();
  readonly extensions: ExtensionLearner;
  private readonly memberWrites: Shares = shareMemberWrites();
  /** How long a directory rests between writes of many members. */
  private readonly restAfter = restOfOwner();
  /** The memory of large answers under way. */
  readonly answerBytes: Shares = shareAnswerBytes();
  private readonly newRequestId = createRequestIds();
  private readonly connection: CallConnection;
  private readonly verifyToken: TokenVerifier;

  constructor(
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SECRET_HASHER) hasher: SecretHasher,
    @Inject(LOGGER) logger: Logger,
    @Inject(WAKE_UPS) private readonly wakeUps: WakeUps,
    @Inject(SCIM_POOLS) pools: ScimPools,
    private readonly limits: RateLimits,
  ) {
    const alone = sharePool(pools.alone, shareScim());
    this.extensions = createExtensionLearner({ functions: alone, logger });
    this.verifyToken = createTokenVerifier({ pool: pools.alone, hasher, logger, limits });
    this.connection = {
      // Of the calls that identity providers make most, those that come at the same time share statements.
      functions: createCallGatherer({ gathering: pools.gathering, alone }),
      searches: { indexed: alone, scanning: sharePool(pools.searches, shareSearches()) },
      scans: {
        admit: (directoryId) => this.limits.admitScan(directoryId),
        charge: (directoryId, milliseconds) => this.limits.chargeScan(directoryId, milliseconds),
      },
      recordUse: createSecretUseRecorder({ pool: pools.alone, logger }),
    };
  }

  /**
   * The calls of the caller whom the token of a request names, who has the directory of the key. Throws ScimError 401 when it is none of it, AppError
   * `too_many_attempts` or `rate_limited` when the address has tried too many.
   */
  async authenticate(key: string, request: FastifyRequest): Promise<AdmittedCalls> {
    const { authorization } = request.headers;
    const caller = await this.verifyToken(key, authorization, clientAddress(request));
    return new AdmittedCalls(caller, this.connection, {
      id: this.logIdOf(request),
      span: request.span ?? undefined,
      ...(isAlias(key) && { ownIdOf: (foreignId: string) => importedId(caller.directoryId, foreignId) }),
    });
  }

  /** The bare id of a request in the request log; one that its sender has named has another name there, which nobody else can choose. */
  private logIdOf({ id }: FastifyRequest): string {
    return parseId('req', id) ?? this.newRequestId().slice('req_'.length);
  }

  /** A new resource's id. */
  newId(): string {
    return newId();
  }

  /** The base URL of a directory's SCIM endpoints, without trailing slash. */
  baseUrl(directoryId: string): string {
    return `${this.config.publicUrl}/scim/${directoryId}/v2`;
  }

  /** Counts members that a write names, before it is done. */
  chargeMembers(directoryId: string, members: number): void {
    this.limits.chargeRows(directoryId, members);
  }

  /**
   * Does a write of many members when it is the directory's turn. One that does more than all others together rests after each while
   * others write. Throws 503 when those before take too long.
   */
  async inMemberTurn<T>(directoryId: string, write: () => Promise<T>): Promise<T> {
    const turn = await this.memberWrites.take(directoryId);
    const startedAt = performance.now();
    return write().finally(() => {
      const atMs = performance.now();
      const tookMs = atMs - startedAt;
      const restMs = this.restAfter({ owner: directoryId, workMs: tookMs, tookMs, atMs });
      if (restMs === 0) turn.giveBack();
      else setTimeout(() => turn.giveBack(), restMs).unref();
    });
  }

  /** Tells the workers that a caller has changed its directory. Only a hint: the change rows are committed. */
  hintChanges(caller: AdmittedCalls): void {
    const { directoryId } = caller;
    caller.noteChange();
    this.limits.chargeRows(directoryId, 1);
    this.restAfter({ owner: directoryId, workMs: WRITE_MS, tookMs: 0, atMs: performance.now() });
    this.wakeUps.drainDirectory(directoryId);
  }
}
