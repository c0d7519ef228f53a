import { DELIVERY_DEADLINE_MS } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { LoopTurn } from '@rollcall/platform';
import { CLAIM_RULES, IN_FLIGHT_LIMITS, SecretTurns } from '@rollcall/webhooks';
import type { InFlightShares } from '@rollcall/webhooks';
import { occurredAtOf } from '@rollcall/events';
import { isAccepted, isCounted } from '@rollcall/pipeline-store';
import type { ClaimedDelivery, ClaimedEndpoint, EndpointKey, FinishedDelivery } from '@rollcall/pipeline-store';
import type { WorkMeter } from '../measure-work';
import type { TrafficCounts } from '../traffic/count-traffic';
import type { DeliveryTraces } from './delivery-traces';
import { MessagePace } from './message-pace';
import { sendDelivery } from './send-delivery';
import type { SendDependencies } from './send-delivery';

/** An attempt that begins so long after its lease was asked for may be under way when that ends. */
const TOO_OLD_MS = CLAIM_RULES.leaseMs - DELIVERY_DEADLINE_MS;

/** An endpoint whose every answer came within this time is leased more than may be under way to it: a round trip costs more than they do. */
const FAST_MS = 400;
const AHEAD = 40;
/** What waits is given back when so much time has passed: the endpoint is not as fast as it was. */
const WAIT_MAX_MS = 2_000;

export interface UnderWayDependencies extends SendDependencies {
  /** How many deliveries may be under way. */
  shares: InFlightShares;
  /** To sign and send takes milliseconds: of many deliveries that are claimed together each begins in a turn of its own. */
  loopTurn: LoopTurn;
  /** Counts the attempts. */
  traffic?: Pick<TrafficCounts, 'attempted'>;
  meter?: Pick<WorkMeter, 'attempted' | 'tooLate'>;
  /** Where traces are made. */
  traces?: Pick<DeliveryTraces, 'tracing' | 'find'>;
}

/** Deliveries that were leased for an endpoint. */
export interface Leased {
  endpoint: ClaimedEndpoint;
  claimed: readonly ClaimedDelivery[];
  /** When they were asked for, by `performance.now()`. */
  leasedAt: number;
}

interface Waiting {
  delivery: ClaimedDelivery;
  leasedAt: number;
  /** The traces that the events of its lease belong to, where traces are made. */
  parents: ReturnType<DeliveryTraces['find']> | undefined;
}

/** What is leased of one endpoint's deliveries: under way in places of their own, or waiting for one of these; and what has ended. */
export class UnderWay {
  private readonly attempts = new Map<string, Promise<void>>();
  private readonly waiting: Waiting[] = [];
  private readonly ended: FinishedDelivery[] = [];
  private readonly pace = new MessagePace();
  private readonly secretTurns = new SecretTurns();
  private endpoint: ClaimedEndpoint | undefined;
  private isFast = false;
  private tellLow: () => void = () => undefined;

  constructor(
    private readonly dependencies: UnderWayDependencies,
    private readonly key: EndpointKey,
    private readonly signal: AbortSignal,
  ) {}

  /** Places that are taken. */
  get size(): number {
    return this.attempts.size;
  }

  /** Deliveries whose leases are not given back. */
  get held(): number {
    return this.attempts.size + this.waiting.length;
  }

  get hasEnded(): boolean {
    return this.ended.length > 0;
  }

  /** How many more may be leased than there are places, to begin as soon as others have ended. */
  get ahead(): number {
    const isRoom = this.isFast && this.dependencies.shares.hasRoom(this.key.environmentId);
    return isRoom && !this.signal.aborted ? AHEAD - this.waiting.length : 0;
  }

  /** Milliseconds until what waits has waited too long; null when nothing does. */
  get waitMs(): number | null {
    const [oldest] = this.waiting;
    return oldest ? Math.max(0, oldest.leasedAt + WAIT_MAX_MS - performance.now()) : null;
  }

  /** Begins as many as there are places, those first that wait. Returns how many places were taken. */
  begin({ endpoint, claimed, leasedAt }: Leased, places: number): number {
    const { traces, shares } = this.dependencies;
    const { environmentId } = this.key;
    const parents = claimed.length === 0 ? undefined : traces?.find(environmentId, claimed);
    this.endpoint = endpoint;
    for (const delivery of claimed) {
      shares.weigh(environmentId, delivery.body.length);
      this.waiting.push({ delivery, leasedAt, parents });
    }
    const begun = this.waiting.splice(0, places);
    for (const next of begun) this.send(endpoint, next);
    return begun.length;
  }

  /** What has ended, oldest first, to be recorded. */
  takeEnded(): FinishedDelivery[] {
    const ended = this.ended.splice(0);
    const counted = ended.filter(({ test }) => !test);
    if (counted.length > 0) {
      this.isFast = counted.every(
        ({ fate, phases }) => fate.state === 'succeeded' && (phases.total ?? Infinity) <= FAST_MS,
      );
    }
    return ended;
  }

  /**
   * What could not be recorded, before what has ended since. Leases to be given back end by themselves: later they may be another
   * worker's.
   */
  putBack(ended: readonly FinishedDelivery[]): void {
    this.ended.unshift(...ended.filter(({ fate }) => fate.state !== 'released'));
  }

  /** Gives back what waits. */
  giveBack(): void {
    for (const { delivery } of this.waiting.splice(0)) {
      this.dependencies.shares.weigh(this.key.environmentId, -delivery.body.length);
      this.ended.push(released(delivery, this.dependencies.clock()));
    }
    this.tellLow();
  }

  /** Gives back what has waited too long. */
  giveBackLate(): void {
    if (this.waitMs === 0) this.giveBack();
  }

  /** Each resolves when an attempt has ended. */
  all(): Promise<void>[] {
    return [...this.attempts.values()];
  }

  /** Whether more wait than there are places. */
  get isFull(): boolean {
    return this.waiting.length > IN_FLIGHT_LIMITS.perEndpoint;
  }

  /** Resolves when no more wait than there are places. */
  low(): Promise<void> {
    return this.isFull ? new Promise((resolve) => (this.tellLow = resolve)) : Promise.resolve();
  }

  private send(endpoint: ClaimedEndpoint, next: Waiting): void {
    const { delivery } = next;
    const attempt = this.attempt(endpoint, next).then((result) => {
      this.dependencies.shares.weigh(this.key.environmentId, -delivery.body.length);
      this.attempts.delete(delivery.id);
      if (result === null) {
        this.dependencies.logger.warn({ delivery_id: publicId('dlv', delivery.id) }, 'delivery.too-late');
        this.dependencies.meter?.tooLate();
      } else {
        countAttempt(this.dependencies, this.key.environmentId, delivery, result);
        this.ended.push(result);
        // What comes next may have to wait as well.
        if (!isAccepted(result.fate)) this.giveBack();
      }
      this.handOver(endpoint);
    });
    this.attempts.set(delivery.id, attempt);
  }

  /** Leaves the place to the one that waits longest, by the newest that is known of the endpoint. */
  private handOver(endpoint: ClaimedEndpoint): void {
    if (this.signal.aborted) this.giveBack();
    const next = this.waiting.shift();
    if (!next) return this.dependencies.shares.release(this.key.environmentId, 1);
    this.send(this.endpoint ?? endpoint, next);
    if (!this.isFull) this.tellLow();
  }

  private async attempt(
    endpoint: ClaimedEndpoint,
    { delivery, leasedAt, parents }: Waiting,
  ): Promise<FinishedDelivery | null> {
    const { loopTurn, traces } = this.dependencies;
    await loopTurn(this.key.environmentId);
    const parent = (await parents)?.get(delivery.eventId);
    // This process stood still, or was cut off: another one may send it, and has sent what comes after it.
    const mayBegin = (inMs: number) => performance.now() + inMs - leasedAt <= TOO_OLD_MS;
    if (!mayBegin(0)) return null;
    const span = parent === undefined ? null : traces?.tracing.start('deliver event', { kind: 'client', parent });
    return sendDelivery(this.dependencies, endpoint, delivery, {
      signal: this.signal,
      span,
      mayBegin,
      pace: this.pace,
      secretTurns: this.secretTurns,
    });
  }
}

/** A delivery of which no attempt was made. */
function released({ directoryId, id, attempt, test }: ClaimedDelivery, now: Date): FinishedDelivery {
  return {
    directoryId,
    deliveryId: id,
    attempt,
    startTime: now,
    status: null,
    error: null,
    phases: {},
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '',
    fate: { state: 'released' },
    endpointGone: false,
    test,
  };
}

/** What we aborted ourselves, what was only a test and what was not sent are no attempts. How late an event was says its first one, when it came live. */
function countAttempt(
  { traffic, meter }: Pick<UnderWayDependencies, 'traffic' | 'meter'>,
  environmentId: string,
  { attempt, body, replayId }: ClaimedDelivery,
  finished: FinishedDelivery,
): void {
  const { fate, startTime } = finished;
  if (!isCounted(finished)) return;
  const isFirst = attempt === 1 && replayId === null;
  const occurredAt = isFirst ? occurredAtOf(body) : null;
  const latencyMs = occurredAt && startTime.getTime() - occurredAt.getTime();
  traffic?.attempted(environmentId, { succeeded: isAccepted(fate), latencyMs });
  meter?.attempted(finished, latencyMs);
}
