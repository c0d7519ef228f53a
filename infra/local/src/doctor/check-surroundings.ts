import { statfs } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { asOwner } from '@rollcall/database';
import { EgressError, listOwnAddresses, reachTarget } from '@rollcall/egress';
import type { Config } from '@rollcall/platform';
import { inspectRedis } from '@rollcall/queue';
import type { RedisFacts } from '@rollcall/queue';
import { findingsOf } from './finding';
import type { Finding } from './finding';

const CONNECT_MS = 4_000;
/** Endpoints that are tried, of different hosts. */
const HOSTS_MAX = 20;

/** Redis, where the queue is there. */
export async function checkRedis(redisUrl: string): Promise<Finding[]> {
  const { fail } = findingsOf('queue');
  try {
    return (await inspectRedis(redisUrl)).flatMap(judgeRedis);
  } catch (error) {
    return [
      fail(
        `The Redis of REDIS_URL cannot be reached (${(error as Error).message}): until it is, work is found by looking every 2 s.`,
      ),
    ];
  }
}

/** What is lost of a queue is found again by looking for work, so Redis need not keep it. */
export function judgeRedis({ version, maxmemoryPolicy, maxmemory, isPersistent }: RedisFacts): Finding[] {
  const { ok, warn, fail } = findingsOf('queue');
  const kept = isPersistent ? 'which keeps it over a restart' : 'which does not keep it over a restart, and need not';
  if (maxmemoryPolicy === 'noeviction') return [ok(`It is on Redis ${version}, ${kept}.`)];
  const advice = `maxmemory-policy is ${maxmemoryPolicy}, which takes jobs from the middle of the queue: set it to noeviction.`;
  return [maxmemory === 0 ? warn(`${advice} (No maxmemory is set, so it happens on no day yet.)`) : fail(advice)];
}

/** Whether this machine can connect to where webhooks go, without sending anything. */
export async function checkOutbound(ownerUrl: string | undefined, config: Config): Promise<Finding[]> {
  const { ok, warn } = findingsOf('outbound');
  if (!ownerUrl)
    return [ok('Not tried: only the owner (DATABASE_OWNER_URL) may list the endpoints of all environments.')];
  const urls = await asOwner(ownerUrl, (owner) =>
    owner.query<{ url: string }[]>(
      "SELECT DISTINCT ON (substring(url, '^[^/]*//[^/]*')) url FROM webhook_endpoints WHERE enabled ORDER BY substring(url, '^[^/]*//[^/]*') LIMIT $1",
      [HOSTS_MAX],
    ),
  );
  if (urls.length === 0) return [ok('There are no webhook endpoints to try.')];
  const tried = await Promise.all(urls.map(({ url }) => tryTarget(url, config)));
  const findings = tried.flatMap((problem) => (problem ? [warn(problem)] : []));
  return findings.length > 0
    ? findings
    : [ok(`This machine connects to each of ${urls.length} hosts of webhook endpoints.`)];
}

async function tryTarget(url: string, config: Config): Promise<string | null> {
  try {
    await reachTarget(url, {
      allowPrivateTargets: config.allowPrivateWebhookTargets,
      ownAddresses: listOwnAddresses(),
      ownHostnames: [new URL(config.publicUrl).hostname],
      connectTimeoutMs: CONNECT_MS,
    });
    return null;
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    return `${new URL(url).host}: ${error.message} If other hosts fail too, look at DNS and at the firewall on the way out.`;
  }
}

/** Whether the mail server greets. */
export async function checkMail({ mail }: Config): Promise<Finding[]> {
  const { ok, warn, fail } = findingsOf('mail');
  if (mail.transport === 'none') return [warn('No mails are sent: set SMTP_URL and MAIL_FROM.')];
  if (mail.transport === 'mailbox') return [ok('Mails are kept in the development mailbox at /dashboard/mailbox.')];
  const url = new URL(mail.url);
  const isTls = url.protocol === 'smtps:';
  const port = Number(url.port || (isTls ? 465 : 587));
  try {
    const greeting = await readGreeting({ host: url.hostname, port, isTls });
    if (greeting.startsWith('220')) return [ok(`The mail server ${url.hostname}:${port} greets.`)];
    return [fail(`${url.hostname}:${port} does not greet as a mail server does: correct SMTP_URL.`)];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [
      fail(
        `The mail server ${url.hostname}:${port} cannot be reached (${code ?? message}): correct SMTP_URL, or let it through.`,
      ),
    ];
  }
}

async function readGreeting({ host, port, isTls }: { host: string; port: number; isTls: boolean }): Promise<string> {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.setTimeout(CONNECT_MS, () => reject(new Error('no answer')));
      socket.once('error', reject).once('data', (data: Buffer) => resolve(data.toString('latin1')));
      socket.once('close', () => reject(new Error('closed')));
    });
  } finally {
    socket.destroy();
  }
}

const FREE = { warn: 0.15, fail: 0.03 };
const GIGABYTE = 1024 ** 3;

/** The disk of the embedded database. */
export async function checkDisk(folder: string): Promise<Finding[]> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return judgeDisk(bavail * bsize, blocks * bsize, folder);
}

/** Both of them count: a share of a large disk may be plenty. */
export function judgeDisk(free: number, all: number, folder: string): Finding[] {
  const { ok, warn, fail } = findingsOf('disk');
  const text = `${(free / GIGABYTE).toFixed(1)} GB of ${(all / GIGABYTE).toFixed(1)} GB are free at ${folder}`;
  if (free < GIGABYTE / 4 || (free / all < FREE.fail && free < 5 * GIGABYTE))
    return [fail(`${text}: a full disk stops every write.`)];
  if (free < GIGABYTE || (free / all < FREE.warn && free < 20 * GIGABYTE)) return [warn(`${text}: make room in time.`)];
  return [ok(`${text}.`)];
}
