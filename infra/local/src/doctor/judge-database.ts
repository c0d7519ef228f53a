import type { DatabaseFacts, FeedHolder } from '@rollcall/database';
import type { Config } from '@rollcall/platform';
import { findingsOf } from './finding';
import type { Finding } from './finding';

const OLDEST_POSTGRES = 150_000;
const DAY_MS = 86_400_000;
const MEGABYTE = 1024 * 1024;

/** Connections of one process at most, as the README's table counts them. */
export const CONNECTIONS = {
  ingress: { pool: 12, scim: 18, queue: 4, probe: 1 },
  worker: { pool: 12, scim: 0, queue: 8, probe: 1 },
};

/** The server's version, and the settings on which it depends that nothing acknowledged is lost. */
export function judgeServer(facts: DatabaseFacts): Finding[] {
  const { version, versionNumber, settings, bytes, isReadOnly, idleSlots } = facts;
  const { ok, warn, fail } = findingsOf('server');
  const findings: Finding[] = [];
  if (versionNumber < OLDEST_POSTGRES) findings.push(fail(`PostgreSQL ${version} is too old: use 15 or newer.`));
  if (isReadOnly)
    findings.push(fail('It takes no writes (a standby, or read-only): let DATABASE_URL lead to the primary.'));
  for (const name of ['fsync', 'full_page_writes'] as const) {
    if (settings[name] === 'off')
      findings.push(fail(`${name} is off: a crash of the machine may lose or ruin everything; set it to on.`));
  }
  if (settings.synchronous_commit === 'off') {
    findings.push(fail('synchronous_commit is off: a crash loses what was acknowledged just before; set it to on.'));
  } else if (settings.synchronous_standby_names && settings.synchronous_commit === 'local') {
    findings.push(
      warn('synchronous_commit is local: a failover to the standby may lose what was acknowledged; set it to on.'),
    );
  }
  if (idleSlots.length > 0) {
    findings.push(
      warn(
        `Nobody reads the replication slot ${idleSlots.join(', ')}: what is written is kept for it until the disk is full; drop it, or start its reader.`,
      ),
    );
  }
  const about = `PostgreSQL ${version}, ${(bytes / MEGABYTE).toFixed(0)} MB, wal_level ${settings.wal_level}`;
  return findings.length > 0 ? findings : [ok(`${about}; fsync, full_page_writes and synchronous_commit are on.`)];
}

/**
 * Whether the server has room for one process of each kind, as `npm start` is; and on a server for several, for a second of each, as while
 * one is replaced by the next.
 */
export function judgeConnections(
  { settings, connections }: DatabaseFacts,
  config: Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'queuePoolSize' | 'redisUrl'>,
): Finding[] {
  const { ok, warn, fail } = findingsOf('connections');
  const most = (process: keyof typeof CONNECTIONS) => {
    const { pool, scim, queue, probe } = CONNECTIONS[process];
    const queueMost = config.redisUrl ? 0 : (config.queuePoolSize ?? queue);
    return (config.databasePoolSize ?? pool) + scim + queueMost + probe;
  };
  const [ingress, worker] = [most('ingress'), most('worker')];
  const reserved = Number(settings.superuser_reserved_connections) + Number(settings.reserved_connections ?? 0);
  const free = Number(settings.max_connections) - reserved;
  const counts = `max_connections leaves ${free} for all processes (${connections} are open); an ingress takes up to ${ingress}, a worker up to ${worker}`;
  if (ingress + worker + 1 > free)
    return [fail(`${counts}: raise it, or lower DATABASE_POOL_SIZE and QUEUE_POOL_SIZE.`)];
  if (config.databaseUrl && 2 * (ingress + worker) > free)
    return [warn(`${counts}: raise it before a second of each runs, or one is replaced by the next.`)];
  return [ok(`${counts}.`)];
}

const AHEAD = { warnMs: 2_000, failMs: 60_000 };

/** Webhooks carry this machine's time and events the database's; whoever verifies a webhook refuses one that is minutes off. */
export function judgeClock({ clock: { aheadMs, toleranceMs } }: DatabaseFacts): Finding[] {
  const { ok, warn, fail } = findingsOf('clock');
  const offMs = Math.max(0, Math.abs(aheadMs) - toleranceMs);
  const text = `The database's clock is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (offMs > AHEAD.failMs) return [fail(`${text}: receivers refuse webhooks by their time; let both follow NTP.`)];
  if (offMs > AHEAD.warnMs) return [warn(`${text}: let both follow NTP.`)];
  return [ok(`${text}.`)];
}

/** A worker makes weeks four weeks ahead, and months of the audit log three months. */
export function judgeLogs({ logs }: DatabaseFacts, now = new Date()): Finding[] {
  const { ok, warn, fail } = findingsOf('partitions');
  const advice =
    'a worker makes them every hour: look for maintenance in its log, or run "npm run rollcall -- migrate".';
  const daysLeft = (until: Date | null) => Math.floor(((until?.getTime() ?? 0) - now.getTime()) / DAY_MS);
  const shortest = logs.reduce(
    (least, log) => (daysLeft(log.until) < daysLeft(least?.until ?? null) ? log : least),
    logs[0],
  );
  if (!shortest) return [fail('There are no logs in this database: run "npm run rollcall -- migrate".')];
  const days = daysLeft(shortest.until);
  if (days < 1) return [fail(`${shortest.name} has no partition for tomorrow, and writes fail without: ${advice}`)];
  if (days < 14) return [warn(`${shortest.name} has partitions for ${days} days more: ${advice}`)];
  return [ok(`Each of ${logs.length} logs has partitions for ${days} days or more.`)];
}

/** Whether row-level security holds for the owner too. */
export function judgeRowSecurity({ openTables }: DatabaseFacts): Finding[] {
  const { ok, fail } = findingsOf('row security');
  if (openTables.length === 0) return [ok('Row-level security holds for everybody, the owner too.')];
  return [fail(`It does not hold for the owner of ${openTables.join(', ')}: run "npm run rollcall -- migrate".`)];
}

/** Whether the application's login may do what it has to. */
export function judgeRights({ missingRights: [first, ...more] }: DatabaseFacts): Finding[] {
  const { ok, fail } = findingsOf('grants');
  if (first === undefined) return [ok('The application may call every function, and make temporary tables.')];
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return [fail(`The application has no right to ${first}${others}: run "npm run rollcall -- migrate".`)];
}

/** How long the oldest change has waited to be published. */
export function judgeChanges(oldestSeconds: number): Finding[] {
  const { ok, warn, fail } = findingsOf('changes');
  const text = `The oldest change has waited for ${Math.round(oldestSeconds)} s to be published`;
  if (oldestSeconds > 600) return [fail(`${text}: is a worker running? Look for drain.failed in its log.`)];
  if (oldestSeconds > 60) return [warn(`${text}: a large import does that; add workers if it stays so.`)];
  return [ok(oldestSeconds === 0 ? 'No change waits to be published.' : `${text}.`)];
}

/** @param held who held it on both of two looks; null when nobody did */
export function judgeFeed(held: FeedHolder | null, seconds: number): Finding[] {
  const { ok, warn } = findingsOf('feed');
  if (!held) return [ok('No transaction holds back the feed over several directories.')];
  const { transactionId, pid, login, applicationName } = held;
  const who = pid === null ? '' : ` (process ${pid} of "${login ?? '?'}", ${applicationName || 'without a name'})`;
  return [
    warn(
      `Transaction ${transactionId}${who} has been open for ${seconds} s or more: GET /events over several directories shows nothing of after it. End it if it is not Rollcall's.`,
    ),
  ];
}
