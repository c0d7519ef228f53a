import { setMaxListeners } from 'node:events';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EgressClient } from '@rollcall/egress';
import { alertContacts } from '@rollcall/management';
import { createTurns, deriveKeys, publicId, restOfOwner, systemClock, takeLoopTurns } from '@rollcall/platform';
import type { Config, Logger, Sealer, Tracing, Turns } from '@rollcall/platform';
import type { HintQueue, WakeUpHandlers } from '@rollcall/queue';
import { checkDatabase, describeMove, refreshStatistics } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { checkSearchTerms, findDirectoryTenant } from '@rollcall/pipeline-store';
import type { BatchTenant, EndpointKey, LeasedDeliveries } from '@rollcall/pipeline-store';
import { shareInFlight } from '@rollcall/webhooks';
import { deliverEndpoint } from './deliver/deliver-endpoint';
import { AlarmPerKey } from './deliver/alarm-per-key';
import { DeliveryTraces } from './deliver/delivery-traces';
import type { MailSender } from './mail/create-mail-sender';
import { sendMails } from './mail/send-mails';
import { logFailure } from './log-failure';
import type { WorkMeter } from './measure-work';
import { maintain, makePartitions } from './maintenance/maintain';
import { repeatEvery } from './maintenance/repeat-every';
import type { Repetition } from './maintenance/repeat-every';
import { Sweeper } from './maintenance/sweep';
import { drainDirectory } from './normalize/drain-directory';
import { RunOncePerKey } from './run-once-per-key';
import { shareConnections } from './share-connections';
import { countTraffic } from './traffic/count-traffic';
import { storeTraffic } from './traffic/store-traffic';

const SWEEP_EVERY_MS = 2_000;
/** A bulk import fills an empty table with a hundred thousand rows within seconds. */
const STATISTICS_EVERY_MS = 2_000;
const MAINTAIN_EVERY_MS = 3_600_000;
const SEARCH_TERMS_EVERY_MS = 60_000;
const MAILS_EVERY_MS = 1_000;
const ALERTS_EVERY_MS = 300_000;
/** How late an overview may be. */
const STORE_TRAFFIC_EVERY_MS = 5_000;
/** A retry due sooner than this gets an alarm of its own; a later one is found by the sweep in time. */
const RETRY_ALARM_MAX_MS = 60_000;
/**
 * Hints handled at one time per job name. Some of them are held until their work is done, so that hints of the same directory or
 * endpoint that come meanwhile are merged; the others are only taken note of, so that no hint waits for the work of another.
 */
const HINTS_AT_ONCE = 16;
const HINTS_HELD_MAX = 8;
/** Directories of one environment that wait for their turn in this process; the sweep finds the others when there is room. */
const WAITING_MAX = 1_000;

/** About 20 MB. */
const TENANTS_REMEMBERED = 50_000;

/** What the process has one of, beside its tables. */
export interface WorkerContext {
  config: Config & { secretKey: Buffer };
  logger: Logger;
  queue: HintQueue;
  egress: EgressClient;
  sealer: Sealer;
  /** Null: this installation sends no mails. */
  mailSender: MailSender | null;
  meter: WorkMeter;
  /** Null: no traces are made. */
  tracing: Tracing | null;
}

/** Joins hints, sweeps and maintenance to the two jobs of the worker, and ends them in order. */
export class WorkerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly drains = new RunOncePerKey();
  private readonly deliveries = new RunOncePerKey();
  private readonly drainTurns: Turns;
  private readonly deliveryTurns: Turns;
  private readonly shares = shareInFlight();
  private readonly loopTurn = takeLoopTurns();
  private readonly retries = new AlarmPerKey();
  /** By endpoint: leased to this process, and not yet on the way. */
  private readonly leased = new Map<string, LeasedDeliveries>();
  private readonly traffic = countTraffic();
  private readonly tenants = new LRUCache<string, BatchTenant>({ max: TENANTS_REMEMBERED });
  private readonly stopping = new AbortController();
  private repetitions: Repetition[] = [];

  private readonly config: WorkerContext['config'];
  private readonly logger: Logger;
  private readonly queue: HintQueue;
  private readonly egress: EgressClient;
  private readonly sealer: Sealer;
  private readonly mailSender: MailSender | null;
  private readonly meter: WorkMeter;
  private readonly traces: DeliveryTraces | undefined;

  constructor(
    { config, logger, queue, egress, sealer, mailSender, meter, tracing }: WorkerContext,
    private readonly dataSource: DataSource,
  ) {
    this.config = config;
    const { drains, deliveries } = shareConnections(config.databasePoolSize);
    this.drainTurns = createTurns(drains, restOfOwner());
    this.deliveryTurns = createTurns(deliveries, restOfOwner());
    this.logger = logger;
    this.queue = queue;
    this.egress = egress;
    this.sealer = sealer;
    this.mailSender = mailSender;
    this.meter = meter;
    this.traces = tracing ? new DeliveryTraces(tracing, dataSource) : undefined;
  }

  async onApplicationBootstrap(): Promise<void> {
    // Every attempt under way listens, however many they are.
    setMaxListeners(0, this.stopping.signal);
    await checkDatabase(this.dataSource, this.config);
    const move = await describeMove(this.dataSource);
    if (move) this.logger.warn(move);
    await makePartitions({ dataSource: this.dataSource, logger: this.logger });
    const holdDrain = holdSome(HINTS_HELD_MAX);
    const holdDelivery = holdSome(HINTS_HELD_MAX);
    const handlers: WakeUpHandlers = {
      drainDirectory: (directoryId) => holdDrain(this.loggedDrain(directoryId)),
      deliverEndpoint: (key) => holdDelivery(this.loggedDelivery(key)),
    };
    this.queue.work(handlers, { concurrency: HINTS_AT_ONCE });
    const sweeper = new Sweeper(this.dataSource);
    this.repetitions = [
      // Apart, so that none of them holds up another.
      repeatEvery(SWEEP_EVERY_MS, 'sweep', this.logger, () => sweeper.sweepEndpoints((key) => this.deliverSoon(key))),
      repeatEvery(SWEEP_EVERY_MS, 'sweep', this.logger, () => sweeper.sweepDirectories(this.drainFound)),
      repeatEvery(SWEEP_EVERY_MS, 'purge', this.logger, () => sweeper.sweepDeleted()),
      repeatEvery(SWEEP_EVERY_MS, 'erase', this.logger, () => sweeper.sweepErasures(this.stopping.signal)),
      repeatEvery(MAILS_EVERY_MS, 'mail', this.logger, () => this.sendMails()),
      repeatEvery(ALERTS_EVERY_MS, 'alert', this.logger, () => this.alertContacts()),
      repeatEvery(STATISTICS_EVERY_MS, 'statistics', this.logger, async () => {
        await refreshStatistics(this.dataSource);
      }),
      repeatEvery(STORE_TRAFFIC_EVERY_MS, 'traffic', this.logger, () => storeTraffic(this.dataSource, this.traffic)),
      repeatEvery(SEARCH_TERMS_EVERY_MS, 'search_terms', this.logger, () =>
        checkSearchTerms(this.dataSource, this.stopping.signal),
      ),
      repeatEvery(MAINTAIN_EVERY_MS, 'maintain', this.logger, () => this.maintain()),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.retries.clear();
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await this.queue.close(4_000);
    // The last batch may have begun a delivery.
    await this.drains.idle();
    await this.deliveries.idle();
    await logFailure(this.logger, 'traffic', {}, storeTraffic(this.dataSource, this.traffic));
  }

  /** @param owner whose the directory is, where that is known */
  private async drain(directoryId: string, owner?: Owner): Promise<void> {
    await this.drains.run(directoryId, async () => {
      const tenant = owner ? { ...owner, directoryId } : await this.tenantOf(directoryId);
      if (!tenant || this.drainTurns.waiting(tenant.environmentId) >= WAITING_MAX) return;
      const {
        dataSource,
        logger,
        drainTurns: turns,
        deliverSoon: deliverEndpoint,
        shares,
        traffic,
        meter,
        traces,
      } = this;
      await drainDirectory(
        { dataSource, logger, turns, deliverEndpoint, shares, traffic, meter, traces },
        tenant,
        this.stopping.signal,
      );
    });
  }

  /** Looked up once, for it never changes: a flood of hints would otherwise take the connections of those who work. */
  private async tenantOf(directoryId: string): Promise<BatchTenant | null> {
    const known = this.tenants.get(directoryId);
    if (known) return known;
    const found = await findDirectoryTenant(this.dataSource, directoryId);
    if (found) this.tenants.set(directoryId, found);
    return found;
  }

  private async deliver(key: EndpointKey): Promise<void> {
    await this.deliveries.run(key.endpointId, async (wakeSignal) => {
      const nextDueMs = await deliverEndpoint(
        {
          dataSource: this.dataSource,
          logger: this.logger,
          egress: this.egress,
          turns: this.deliveryTurns,
          shares: this.shares,
          loopTurn: this.loopTurn,
          clock: systemClock,
          random: Math.random,
          schedule: this.config.webhookRetrySchedule,
          openSecret: this.openOnce(key),
          wakeUps: this.queue,
          takeLeased: () => this.takeLeased(key),
          traffic: this.traffic,
          meter: this.meter,
          traces: this.traces,
        },
        key,
        this.stopping.signal,
        wakeSignal,
      );
      // A worker that stops leases nothing: an alarm would only ring again and again.
      if (nextDueMs !== null && nextDueMs <= RETRY_ALARM_MAX_MS && !this.stopping.signal.aborted) {
        this.retries.set(key.endpointId, nextDueMs, () => void this.loggedDelivery(key));
      }
    });
  }

  /** Opens each secret of an endpoint once for as long as its deliveries go on: that takes longer than to sign with it. */
  private openOnce({ endpointId }: EndpointKey): (sealed: string) => string {
    const opened = new Map<string, string>();
    return (sealed) => {
      const secret = opened.get(sealed) ?? this.sealer.open(sealed, 'webhookSecret', endpointId);
      opened.set(sealed, secret);
      return secret;
    };
  }

  /** What this process has drained or found it delivers itself: a hint takes longer to come back than all the rest. */
  private readonly deliverSoon = (key: EndpointKey, leased?: LeasedDeliveries): void => {
    if (!leased) return void this.loggedDelivery(key);
    this.leaveToOthers(key);
    this.leased.set(key.endpointId, leased);
    void this.loggedDelivery(key).finally(() => {
      if (this.leased.get(key.endpointId) === leased) this.leaveToOthers(key);
    });
  };

  /** What was leased and could not be sent, because its run failed before: it is anybody's when the lease has ended. */
  private leaveToOthers(key: EndpointKey): void {
    this.shares.release(key.environmentId, this.takeLeased(key)?.claimed.length ?? 0);
  }

  private takeLeased({ endpointId }: EndpointKey): LeasedDeliveries | undefined {
    const leased = this.leased.get(endpointId);
    this.leased.delete(endpointId);
    return leased;
  }

  /** One that waits or is being drained is left alone: it ends only when nothing is left. */
  private readonly drainFound = ({ directoryId, ...owner }: BatchTenant): void => {
    if (!this.drains.isRunning(directoryId)) void this.loggedDrain(directoryId, owner);
  };

  private async loggedDrain(directoryId: string, owner?: Owner): Promise<void> {
    await logFailure(
      this.logger,
      'drain',
      { directory_id: publicId('dir', directoryId) },
      this.drain(directoryId, owner),
    );
  }

  private async loggedDelivery(key: EndpointKey): Promise<void> {
    await logFailure(this.logger, 'deliver', { endpoint_id: publicId('whe', key.endpointId) }, this.deliver(key));
  }

  private async alertContacts(): Promise<void> {
    const { dataSource, sealer, config, logger } = this;
    const unsubscribeKeys = deriveKeys(config, 'unsubscribe');
    const { mail: settings, publicUrl } = config;
    const tools = { sealer, settings, unsubscribeKeys, publicUrl, logger };
    await alertContacts(dataSource, tools, this.stopping.signal);
  }

  private async sendMails(): Promise<void> {
    const { dataSource, sealer, mailSender: sender, logger } = this;
    if (sender) await sendMails({ dataSource, sealer, sender, logger }, this.stopping.signal);
  }

  private async maintain(): Promise<void> {
    const { dataSource, config, logger } = this;
    const deliverEndpoint = (key: EndpointKey) => this.queue.deliverEndpoint(key);
    await maintain({ dataSource, config, logger, deliverEndpoint }, this.stopping.signal);
  }
}

type Owner = Omit<BatchTenant, 'directoryId'>;

/** Waits for up to `max` works at one time; of the others it resolves at once, and they go on. */
function holdSome(max: number): (work: Promise<void>) => Promise<void> {
  let held = 0;
  return async (work) => {
    if (held >= max) return;
    held += 1;
    await work.finally(() => (held -= 1));
  };
}
