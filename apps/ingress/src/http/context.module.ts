import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { DatabaseProbe } from '@rollcall/database';
import type { EgressClient } from '@rollcall/egress';
import { createSecretHasher, systemClock } from '@rollcall/platform';
import type { Clock, Config, Logger, Metrics, Sealer, SecretHasher, SlowHash } from '@rollcall/platform';
import type { HintQueue } from '@rollcall/queue';
import type { Pace } from './stream-at-pace';
import type { ScimPools } from '../open-connections';
import type { Turns } from '../share-connections';

/** Injection tokens of what a process has one of. Use: `@Inject(CONFIG) private readonly config: IngressConfig`. */
export const CONFIG = Symbol('CONFIG');
export const LOGGER = Symbol('LOGGER');
export const METRICS = Symbol('METRICS');
export const CLOCK = Symbol('CLOCK');
/** For the tokens of directories; one per process, because it bounds how many argon2 verifications run at a time. */
export const SECRET_HASHER = Symbol('SECRET_HASHER');
/** The same for API clients: who asks for verifications of one kind takes nothing of the other's. */
export const CLIENT_HASHER = Symbol('CLIENT_HASHER');
/** The same for members of the dashboard: whoever guesses passwords takes nothing of directories and API clients. */
export const MEMBER_HASHER = Symbol('MEMBER_HASHER');
/** Seals secrets under the secret key. */
export const SEALER = Symbol('SEALER');
/** The guarded client: it knows which targets of webhooks are refused. */
export const EGRESS = Symbol('EGRESS');
/** Wake-ups for the workers: sent after the commit, never awaited. */
export const WAKE_UPS = Symbol('WAKE_UPS');
/** The connections of SCIM; those of the data source are the management API's, the portal's and sign-in's. */
export const SCIM_POOLS = Symbol('SCIM_POOLS');
/** The turns of the environments' requests to the management API and the portal. */
export const TURNS = Symbol('TURNS');

/** Asks the database how it is, for /readyz. */
export const PROBE = Symbol('PROBE');

/** What a reader of a snapshot has to keep up with. */
export const STREAM_PACE = Symbol('STREAM_PACE');

/** Verified secrets that a process remembers, about 100 bytes each: one more costs a look-up at each of its uses. */
export const REMEMBERED_SECRETS = 50_000;

/** The configuration of a running ingress: what the launcher must have decided is there. */
export type IngressConfig = Config & Required<Pick<Config, 'databaseUrl' | 'secretKey'>>;

export interface IngressContext {
  config: IngressConfig;
  logger: Logger;
  metrics: Metrics;
  sealer: Sealer;
  /** The key of generated secrets' hashes, once the database has told it. */
  pepper: () => Buffer;
  egress: EgressClient;
  queue: HintQueue;
  scimPools: ScimPools;
  probe: DatabaseProbe;
  turns: Turns;
  streamPace: Pace;
}

/** Makes the process's context injectable everywhere. */
@Module({})
export class ContextModule {
  static forRoot(context: IngressContext): DynamicModule {
    const { config, logger, metrics, sealer, pepper, egress, queue, scimPools, probe, turns, streamPace } = context;
    const slowHashes = metrics.counter('rollcall_argon2_hashes_total', 'Argon2id hashes computed.', ['purpose']);
    const onSlowHash = (purpose: SlowHash): void => slowHashes.inc({ purpose });
    const hasher: SecretHasher = createSecretHasher({ pepper, cacheSize: REMEMBERED_SECRETS, onSlowHash });
    const clientHasher: SecretHasher = createSecretHasher({ pepper, onSlowHash });
    const memberHasher: SecretHasher = createSecretHasher({ pepper, onSlowHash });
    watchHashers(metrics, { directory: hasher, api_client: clientHasher, member: memberHasher });
    const clock: Clock = systemClock;
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: METRICS, useValue: metrics },
      { provide: CLOCK, useValue: clock },
      { provide: SECRET_HASHER, useValue: hasher },
      { provide: CLIENT_HASHER, useValue: clientHasher },
      { provide: MEMBER_HASHER, useValue: memberHasher },
      { provide: SEALER, useValue: sealer },
      { provide: EGRESS, useValue: egress },
      { provide: WAKE_UPS, useValue: queue },
      { provide: SCIM_POOLS, useValue: scimPools },
      { provide: TURNS, useValue: turns },
      { provide: PROBE, useValue: probe },
      { provide: STREAM_PACE, useValue: streamPace },
    ];
    return { module: ContextModule, global: true, providers, exports: providers };
  }
}

function watchHashers(metrics: Metrics, hashers: Readonly<Record<string, SecretHasher>>): void {
  const help = 'Secrets that wait for an argon2id hash, by whose they are.';
  metrics.gauge('rollcall_argon2_waiting', help, ['owner'], (gauge) => {
    for (const [owner, hasher] of Object.entries(hashers)) gauge.set({ owner }, hasher.waiting());
  });
}
