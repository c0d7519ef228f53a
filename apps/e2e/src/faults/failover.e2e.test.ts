import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '@rollcall/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from '../support/create-directory';
import { accessToken } from './support/access-token';
import { THOROUGH } from './support/choose-faults';
import { expectAllDelivered } from './support/expect-all-delivered';
import { expectPublishedOnce, hasSucceeded, isInOrder, isPublished, summary } from './support/judge-answers';
import { type Answered, type Asking, keepAsking } from './support/keep-asking';
import { provisionChanges } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { CAN_REPLICATE } from './support/start-replicated-postgres';
import { type Round, startRound } from './support/start-round';
import { secondsSince, tell } from './support/tell';

/** What happens to PostgreSQL, and what brings it back. */
interface Trouble {
  readonly name: string;
  begin(system: FaultSystem): Promise<unknown>;
  end(system: FaultSystem): Promise<unknown>;
  /** It lasts until it is ended, so that every write and /readyz have to say so meanwhile. */
  readonly lasts: boolean;
}

let round: Round | undefined;
let asking: Asking | undefined;

afterEach(async () => {
  await asking?.end();
  await round?.stop();
});

/** Traffic of every kind goes on through a trouble; then nothing acknowledged is missing, and no event is there twice. */
async function expectRecovery(system: FaultSystem, trouble: Trouble): Promise<void> {
  round = await startRound(system);
  const other = await createDirectory(system);
  asking = keepAsking(system, other, await accessToken(system));
  const { answers } = asking;
  await waitUntil(() => hasSucceeded(answers, 0), { what: 'every kind of request being answered before' });
  let over: Promise<number> | undefined;
  const expected = await provisionChanges(round.directories, async () => {
    over = passThrough(system, trouble, answers);
  });
  const back = (await over) ?? 0;
  await waitUntil(() => hasSucceeded(answers, back), {
    what: 'every kind of request being answered again',
    saw: () => summary(answers),
  });
  tell(`${trouble.name}: every kind of request was answered ${secondsSince(back)} s afterwards`);
  await asking.end();
  const made = answers.flatMap(({ createdId }) => createdId ?? []);
  await waitUntil(() => isPublished(other, made), { what: 'every acknowledged user being an event' });
  tell(`${trouble.name}: every acknowledged write was published ${secondsSince(back)} s afterwards`);
  expect(answers.filter((answer) => !isInOrder(answer))).toEqual([]);
  await expectPublishedOnce(other, made);
  await expectAllDelivered(round, expected);
  expect(await readiness(system)).toEqual({ status: 'ok', degraded: [] });
}

/** Resolves to the time at which the trouble is over. */
async function passThrough(system: FaultSystem, trouble: Trouble, answers: readonly Answered[]): Promise<number> {
  const began = performance.now();
  await trouble.begin(system);
  if (trouble.lasts) {
    const isRefused = ({ request, status, began: at }: Answered) =>
      request === 'POST /Users' && status === 503 && at > began;
    await waitUntil(() => answers.some(isRefused), { what: 'a write being refused', saw: () => summary(answers) });
    await waitUntil(async () => (await readiness(system)).failing === 'database', { what: '/readyz naming the part' });
  }
  await trouble.end(system);
  const back = performance.now();
  const isFirst = ({ request, status, began: at }: Answered) =>
    request === 'POST /Users' && status === 201 && at > began;
  await waitUntil(() => answers.some((answer) => isFirst(answer) && answer.began > back), {
    what: 'a write being acknowledged again',
    saw: () => summary(answers),
  });
  tell(
    `${trouble.name}: it lasted ${((back - began) / 1_000).toFixed(1)} s, and a write was acknowledged ${secondsSince(back)} s later`,
  );
  return back;
}

async function readiness({ baseUrl }: FaultSystem): Promise<{ status: string; degraded: string[]; failing?: string }> {
  const answer = await fetch(`${baseUrl}/readyz`);
  return (await answer.json()) as Awaited<ReturnType<typeof readiness>>;
}

async function startWithWorkers(options: Parameters<typeof startFaultSystem>[1]): Promise<FaultSystem> {
  const system = await startFaultSystem(null, options);
  await Promise.all([system.startWorker(), system.startWorker()]);
  return system;
}

describe.runIf(CAN_REPLICATE)('PostgreSQL with a synchronous standby', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await startWithWorkers({ ingress: 'throughProxies', hasStandby: true });
    return () => system.stop();
  });

  it('the standby takes over: recovery without help, nothing acknowledged lost, no event twice', async () => {
    await expectRecovery(system, {
      name: 'failover',
      begin: () => system.failOver(),
      end: () => Promise.resolve(),
      lasts: false,
    });
  });
});

it.runIf(!CAN_REPLICATE)('a failover was NOT tested: there is no pg_basebackup', () => {
  expect(process.env.CI, 'PostgreSQL 15 has to be installed where CI=true').not.toBe('true');
});

/** As an administrator, or a cluster manager, sets it for all sessions there are. */
const configure = ({ database }: FaultSystem, setting: string) =>
  database.query(`ALTER SYSTEM ${setting}`).then(() => database.query('SELECT pg_reload_conf()'));

const READ_ONLY: Trouble = {
  name: 'read-only',
  begin: (system) => configure(system, 'SET default_transaction_read_only = on'),
  // The administrator's own session is read-only as well, and changes no table by this.
  end: (system) => configure(system, 'RESET default_transaction_read_only'),
  lasts: true,
};

const OUT_OF_CONNECTIONS: Trouble = {
  name: 'out of connections',
  begin: async ({ database }) => {
    await database.query('ALTER ROLE rollcall_app CONNECTION LIMIT 0');
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall_app'`);
  },
  end: ({ database }) => database.query('ALTER ROLE rollcall_app CONNECTION LIMIT -1'),
  lasts: true,
};

const CRASH: Trouble = {
  name: 'restart',
  begin: (system) => system.restartPostgres(),
  end: () => Promise.resolve(),
  lasts: false,
};

describe('one PostgreSQL', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await startWithWorkers({ ingress: 'throughProxies' });
    return () => system.stop();
  });

  it.each(THOROUGH ? [READ_ONLY, OUT_OF_CONNECTIONS, CRASH] : [READ_ONLY])(
    '$name: a clear 503 meanwhile, recovery without help, nothing acknowledged lost, no event twice',
    async (trouble) => {
      await expectRecovery(system, trouble);
    },
  );
});

const DISK = THOROUGH ? mountSmallDisk() : null;

describe.runIf(DISK)('PostgreSQL on a small disk', () => {
  const disk = DISK as string;
  const filler = join(disk ?? '', 'filler');
  let system: FaultSystem;

  beforeAll(async () => {
    system = await startWithWorkers({
      ingress: 'throughProxies',
      prepare: async (admin) => {
        const { rows } = await admin.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
        execFileSync('chown', [`--reference=${rows[0]?.folder}`, disk]);
        await admin.query(`CREATE TABLESPACE small LOCATION '${disk}'`);
        await admin.query('ALTER DATABASE rollcall SET TABLESPACE small');
      },
    });
    return async () => {
      await system.stop();
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    };
  });

  it('a full disk: a clear 503 meanwhile, recovery without help, nothing acknowledged lost, no event twice', async () => {
    await expectRecovery(system, {
      name: 'full disk',
      begin: async () => fill(filler),
      end: async () => rmSync(filler),
      lasts: true,
    });
  });
});

/** Null where this user may mount nothing. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', folder], { stdio: 'ignore' });
    chmodSync(folder, 0o700);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

function fill(path: string): void {
  const file = openSync(path, 'w');
  const chunk = Buffer.alloc(64 * 1024);
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
