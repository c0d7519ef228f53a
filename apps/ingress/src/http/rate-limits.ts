import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppError, createRateLimiter } from '@rollcall/platform';
import type { LimitDefaults, Logger, Metrics, OwnLimits, Rate, RateLimiter } from '@rollcall/platform';
import { findOwnLimits, settleRateLimits } from '@rollcall/scim-store';
import type { ScimPools } from '../open-connections';
import { CONFIG, LOGGER, METRICS, SCIM_POOLS } from './context.module';
import type { IngressConfig } from './context.module';

/** How often processes tell each other what was spent, while there is something to tell. */
const SETTLE_MS = 250;
/** Searches take processors away from everybody while they run: less of them at once than of other things. */
const SEARCH_BURST_SECONDS = 20;
/** An environment's own limits hold in every process after so long. */
const LIMITS_KEPT_MS = 30_000;

/** The page of a hand-over asks every few seconds; a colleague may have it open several times. */
const HAND_OVER_RATE: Rate = { perSecond: 2, burst: 60 };

/** Whose limits: a directory's, or an environment's. */
type Owner = 'directory' | 'environment';

/**
 * How much directories, environments and addresses may ask for. A request costs no round trip for this: what was spent is told to
 * the database in the background, which all processes share. While it is away, each process goes by what it knows.
 */
@Injectable()
export class RateLimits implements OnModuleDestroy {
  private readonly limiter: RateLimiter = createRateLimiter();
  private readonly defaults: LimitDefaults;
  private readonly ownLimits = new LRUCache<string, { limits: OwnLimits; readAt: number }>({ max: 50_000 });
  private readonly wanted: Record<Owner, Set<string>> = { directory: new Set(), environment: new Set() };
  private readonly timer = setInterval(() => void this.settle(), SETTLE_MS).unref();
  private readonly refused;
  private isSettling = false;
  /** Whether the last sharing failed; said once, not four times a second. */
  private isAlone = false;

  constructor(
    @Inject(CONFIG) { limits }: IngressConfig,
    @Inject(SCIM_POOLS) private readonly pools: ScimPools,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.defaults = limits;
    this.refused = metrics.counter('rollcall_rate_limited_total', 'Requests over a rate limit.', ['limit']);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Counts a SCIM request of a directory. Throws AppError 429 when it has asked for too much, or for a write, written too much. */
  admitDirectory(directoryId: string, isWrite: boolean): void {
    const { requests } = this.ratesOf('directory', directoryId);
    this.refuseOver(`directory/${directoryId}/requests`, 'directory/requests', 'Too many requests of this directory.');
    if (isWrite)
      this.refuseOver(`directory/${directoryId}/rows`, 'directory/rows', 'This directory has written much at once.');
    this.limiter.spend(`directory/${directoryId}/requests`, requests, 1);
  }

  /** Counts what a directory writes: users, groups, and members that it names. What is over its limit delays the next write. */
  chargeRows(directoryId: string, rows: number): void {
    if (rows > 0)
      this.limiter.spend(`directory/${directoryId}/rows`, this.ratesOf('directory', directoryId).rows, rows);
  }

  /** Throws AppError 429 when the searches of a directory that look into every resource have used up their time. */
  admitScan(directoryId: string): void {
    this.refuseOver(
      `directory/${directoryId}/searches`,
      'directory/searches',
      'The searches of this directory are much work.',
    );
  }

  /** Counts a search that looks into every resource, by what it takes of a processor. */
  chargeScan(directoryId: string, milliseconds: number): void {
    if (milliseconds > 0) {
      const { searches } = this.ratesOf('directory', directoryId);
      this.limiter.spend(`directory/${directoryId}/searches`, searches, milliseconds);
    }
  }

  /** Counts a request to the management API or a portal. Throws AppError 429. */
  admitEnvironment(environmentId: string): void {
    const key = `environment/${environmentId}/requests`;
    this.refuseOver(key, 'environment/requests', 'Too many requests of this environment.');
    this.limiter.spend(key, this.ratesOf('environment', environmentId).api, 1);
  }

  /**
   * Counts a question of a portal's page whether its session still holds. It is counted among the environment's requests, and not
   * refused for those of others: without it a page shows nothing. Throws AppError 429 when its organization asks that too often.
   */
  admitSession(environmentId: string, organizationId: string): void {
    const { api } = this.ratesOf('environment', environmentId);
    const key = `organization/${organizationId}/sessions`;
    this.refuseOver(key, 'organization/sessions', 'Too many requests of portal sessions of this organization.');
    this.limiter.spend(key, api, 1);
    const all = `environment/${environmentId}/requests`;
    // Of what is used up nothing is taken: it would be refused to the others for longer.
    if (this.limiter.secondsToWait(all) === 0) this.limiter.spend(all, api, 1);
  }

  /**
   * Throws AppError 429 when the page of a hand-over has asked for too much: before anything is looked up, by the hash of what it was
   * opened with, which is not counted until it proves to be one.
   */
  admitHandOver(tokenHash: string): void {
    this.refuseOver(`hand_over/${tokenHash}`, 'hand_over', 'Too many requests of this hand-over link.');
  }

  /** Counts a request of the page of a hand-over. Throws AppError 429: others may have been counted while it was looked up. */
  chargeHandOver(tokenHash: string): void {
    this.admitHandOver(tokenHash);
    this.limiter.spend(`hand_over/${tokenHash}`, HAND_OVER_RATE, 1);
  }

  /** Throws AppError 429 when an address has asked for too much without a credential. */
  admitAddress(address: string): void {
    this.refuseOver(`address/${address}`, 'address', 'Too many requests from this address.');
  }

  /** Counts a request without a credential, or one that has not shown it yet. */
  chargeAddress(address: string): void {
    this.spendOfAddress(address, 1);
  }

  /** Takes back that a request was counted, which turned out to have a credential. */
  refundAddress(address: string): void {
    this.spendOfAddress(address, -1);
  }

  /**
   * Looks a credential up that may be made up: one that is none counts as a request without a credential, also while it is looked
   * up. Throws AppError 429, before the look-up, when the address has sent too many of them.
   * @param find null: the credential is none
   */
  async findUnproven<T>(address: string, find: () => Promise<T | null>): Promise<T | null> {
    this.admitAddress(address);
    this.spendOfAddress(address, 1);
    let isNone = false;
    try {
      const found = await find();
      isNone = found === null;
      return found;
    } catch (error) {
      // Too many guesses: this was one more.
      isNone = error instanceof AppError && error.kind === 'rate_limited';
      throw error;
    } finally {
      if (!isNone) this.spendOfAddress(address, -1);
    }
  }

  private spendOfAddress(address: string, amount: number): void {
    const { addressRequestsPerSecond, burstSeconds } = this.defaults;
    this.limiter.spend(`address/${address}`, rateOf(addressRequestsPerSecond, burstSeconds), amount);
  }

  private refuseOver(key: string, limit: string, problem: string): void {
    const seconds = this.limiter.secondsToWait(key);
    if (seconds === 0) return;
    this.refused.inc({ limit });
    const retryAfterSeconds = Math.ceil(seconds);
    throw new AppError({
      kind: 'rate_limited',
      code: 'rate_limited',
      message: `${problem} Send the next one in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    });
  }

  private ratesOf(owner: Owner, id: string): Record<'requests' | 'rows' | 'searches' | 'api', Rate> {
    const known = this.ownLimits.get(id);
    if (!known || performance.now() - known.readAt > LIMITS_KEPT_MS) this.wanted[owner].add(id);
    const limits: OwnLimits = known?.limits ?? {};
    const { requestsPerSecond, rowsPerMinute, searchSecondsPerMinute, apiRequestsPerSecond, burstSeconds } =
      this.defaults;
    const seconds = limits.burst_seconds ?? burstSeconds;
    return {
      requests: rateOf(limits.requests_per_second ?? requestsPerSecond, seconds),
      rows: rateOf((limits.rows_per_minute ?? rowsPerMinute) / 60, seconds),
      searches: rateOf(
        ((limits.search_seconds_per_minute ?? searchSecondsPerMinute) * 1_000) / 60,
        Math.min(seconds, SEARCH_BURST_SECONDS),
      ),
      api: rateOf(limits.api_requests_per_second ?? apiRequestsPerSecond, seconds),
    };
  }

  private async settle(): Promise<void> {
    if (this.isSettling) return;
    this.isSettling = true;
    try {
      await this.readLimits();
      await this.tellSpendings();
      this.isAlone = false;
    } catch (error) {
      if (!this.isAlone) this.logger.warn({ err: error }, 'could not share what was spent of rate limits');
      this.isAlone = true;
    } finally {
      this.isSettling = false;
    }
  }

  private async readLimits(): Promise<void> {
    const [directories, environments] = [[...this.wanted.directory], [...this.wanted.environment]];
    if (directories.length + environments.length === 0) return;
    const found = await findOwnLimits(this.pools.alone, { directoryIds: directories, environmentIds: environments });
    const readAt = performance.now();
    for (const id of [...directories, ...environments]) this.ownLimits.set(id, { limits: found.get(id) ?? {}, readAt });
    this.wanted.directory.clear();
    this.wanted.environment.clear();
  }

  private async tellSpendings(): Promise<void> {
    const spendings = this.limiter.takeSpendings();
    if (spendings.length === 0) return;
    try {
      const left = await settleRateLimits(this.pools.alone, spendings);
      for (const [key, tokens] of left) this.limiter.learn(key, tokens);
    } catch (error) {
      this.limiter.putBack(spendings);
      throw error;
    }
  }
}

function rateOf(perSecond: number, seconds: number): Rate {
  return { perSecond, burst: perSecond * seconds };
}
