import { setMaxListeners } from 'node:events';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EgressClient } from '@rollcall/egress';
import { systemClock } from '@rollcall/platform';
import type { Config, Logger, Sealer } from '@rollcall/platform';
import type { HintQueue, WakeUpHandlers } from '@rollcall/queue';
import {
  checkDatabaseVersion,
  checkSecretKey,
  dropOldAuditPartitions,
  dropOldLogPartitions,
  ensureLogPartitions,
  refreshStatistics,
} from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { announceExpiringSecrets } from '@rollcall/pipeline-store';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { deliverEndpoint } from './deliver/deliver-endpoint';
import { AlarmPerKey } from './deliver/alarm-per-key';
import { repeatEvery } from './maintenance/repeat-every';
import type { Repetition } from './maintenance/repeat-every';
import { Sweeper } from './maintenance/sweep';
import { drainDirectory } from './normalize/drain-directory';
import { RunOncePerKey } from './run-once-per-key';

const SWEEP_EVERY_MS = 2_000;
/** A bulk import fills an empty table with a hundred thousand rows within seconds. */
const STATISTICS_EVERY_MS = 2_000;
const MAINTAIN_EVERY_MS = 3_600_000;
/** A retry due sooner than this gets an alarm of its own; a later one is found by the sweep in time. */
const RETRY_ALARM_MAX_MS = 60_000;
/** Hints handled at one time per job name; a drain or an exchange holds a database connection for milliseconds. */
const CONCURRENCY = 16;

/** What the process has one of, beside its tables. */
export interface WorkerContext {
  config: Config;
  logger: Logger;
  queue: HintQueue;
  egress: EgressClient;
  sealer: Sealer;
}

/** Joins hints, sweeps and maintenance to the two jobs of the worker, and ends them in order. */
export class WorkerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly drains = new RunOncePerKey();
  private readonly deliveries = new RunOncePerKey();
  private readonly retries = new AlarmPerKey();
  private readonly stopping = new AbortController();
  private repetitions: Repetition[] = [];

  private readonly config: Config;
  private readonly logger: Logger;
  private readonly queue: HintQueue;
  private readonly egress: EgressClient;
  private readonly sealer: Sealer;

  constructor(
    { config, logger, queue, egress, sealer }: WorkerContext,
    private readonly dataSource: DataSource,
  ) {
    this.config = config;
    this.logger = logger;
    this.queue = queue;
    this.egress = egress;
    this.sealer = sealer;
  }

  async onApplicationBootstrap(): Promise<void> {
    // Every attempt under way listens, however many they are.
    setMaxListeners(0, this.stopping.signal);
    await checkDatabaseVersion(this.dataSource);
    const { secretKey, previousSecretKeys } = this.config;
    if (secretKey) await checkSecretKey(this.dataSource, { secretKey, previousSecretKeys });
    await ensureLogPartitions(this.dataSource);
    const handlers: WakeUpHandlers = {
      drainDirectory: async (directoryId) => {
        // Behind the hints that have come meanwhile, so that a large directory does not keep the others waiting.
        if (await this.drain(directoryId)) this.queue.drainDirectory(directoryId);
      },
      deliverEndpoint: (key) => this.deliver(key),
    };
    this.queue.work(handlers, { concurrency: CONCURRENCY });
    const sweeper = new Sweeper(this.dataSource);
    this.repetitions = [
      // Apart, so that directories which take long hold up no endpoint.
      repeatEvery(SWEEP_EVERY_MS, 'sweep', this.logger, () =>
        sweeper.sweepEndpoints((key) => this.loggedDelivery(key)),
      ),
      repeatEvery(SWEEP_EVERY_MS, 'sweep', this.logger, () =>
        sweeper.sweepDirectories((directoryId) => this.loggedDrain(directoryId), this.stopping.signal),
      ),
      repeatEvery(STATISTICS_EVERY_MS, 'statistics', this.logger, async () => {
        await refreshStatistics(this.dataSource);
      }),
      repeatEvery(MAINTAIN_EVERY_MS, 'maintain', this.logger, () => this.maintain()),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.retries.clear();
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await this.queue.close(4_000);
    await Promise.all([this.drains.idle(), this.deliveries.idle()]);
  }

  /** One turn; answers whether there is more to do. */
  private async drain(directoryId: string): Promise<boolean> {
    const { dataSource, logger, deliverSoon: deliverEndpoint } = this;
    let isMore = false;
    await this.drains.run(directoryId, async () => {
      isMore = await drainDirectory({ dataSource, logger, deliverEndpoint }, directoryId, this.stopping.signal);
    });
    return isMore;
  }

  private async deliver(key: EndpointKey): Promise<void> {
    await this.deliveries.run(key.endpointId, async (wakeSignal) => {
      const nextDueMs = await deliverEndpoint(
        {
          dataSource: this.dataSource,
          logger: this.logger,
          egress: this.egress,
          clock: systemClock,
          random: Math.random,
          schedule: this.config.webhookRetrySchedule,
          openSecret: (sealed) => this.sealer.open(sealed, 'webhookSecret', key.endpointId),
          wakeUps: this.queue,
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

  /** What this process has drained it delivers at once, while it has room: a hint takes longer to come back than all the rest. */
  private readonly deliverSoon = (key: EndpointKey): void => {
    if (this.deliveries.size < CONCURRENCY) void this.loggedDelivery(key);
    else this.queue.deliverEndpoint(key);
  };

  private async loggedDrain(directoryId: string): Promise<boolean> {
    return (await this.logged('drain', { directory_id: directoryId }, this.drain(directoryId))) ?? false;
  }

  private async loggedDelivery(key: EndpointKey): Promise<void> {
    await this.logged('deliver', { endpoint_id: key.endpointId }, this.deliver(key));
  }

  private async maintain(): Promise<void> {
    await ensureLogPartitions(this.dataSource);
    const { eventRetentionDays, auditRetentionDays } = this.config;
    const dropped = [
      ...(await dropOldLogPartitions(this.dataSource, eventRetentionDays)),
      ...(await dropOldAuditPartitions(this.dataSource, auditRetentionDays)),
    ];
    if (dropped.length > 0) this.logger.info({ partitions: dropped }, 'retention.dropped');
    for (const key of await announceExpiringSecrets(this.dataSource)) this.queue.deliverEndpoint(key);
  }

  /** One directory or endpoint that fails must not keep the sweep from the others; the next sweep tries it again. */
  private async logged<T>(work: string, subject: object, running: Promise<T>): Promise<T | undefined> {
    try {
      return await running;
    } catch (error) {
      this.logger.error({ ...subject, err: error }, `${work}.failed`);
      return undefined;
    }
  }
}
