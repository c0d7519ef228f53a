import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import type { AuditLogAnswer } from '../audit/audit.dto';
import type { DirectoryAnswer, DirectoryItem } from '../directories/directory.dto';
import { connectScim, pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { HandOverList } from '../hand-overs/hand-over.dto';
import type { IssuedSecretAnswer, SecretItem } from './secret.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

const post = <Body = IssuedSecretAnswer>(directory: DirectoryItem, action: string, body?: object) =>
  test.api.call<Body>('POST', `${pathOf(directory)}/${action}`, body);

const issue = async (directory: DirectoryItem, body?: object) => (await post(directory, 'secrets', body)).body;

const regenerate = async (directory: DirectoryItem, body: object) => post(directory, 'secrets:regenerate', body);

const refusal = async (directory: DirectoryItem, body: object) => {
  const { status, body: answer } = await post<ErrorBody>(directory, 'secrets:regenerate', body);
  return { status, code: answer.error.code, message: answer.error.message };
};

const secretsOf = async (directory: DirectoryItem): Promise<Record<string, SecretItem>> => {
  const { secrets } = (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory;
  return Object.fromEntries(secrets.map((secret) => [secret.id, secret]));
};

const scimStatus = async (directory: DirectoryItem, { plain_secret }: IssuedSecretAnswer) =>
  (await connectScim(test.ingress.baseUrl, directory, plain_secret).call('GET', '/Users')).status;

describe('the name of a secret', () => {
  it('is given when it is issued or regenerated, without the space around it, and answered everywhere', async () => {
    const directory = await test.newDirectory();
    const first = await issue(directory, { name: '  Okta, production ' });
    expect(first.secret.name).toBe('Okta, production');
    const second = (
      await regenerate(directory, { secret_id: first.secret.id, name: 'Okta, 2027', overlap_seconds: 60 })
    ).body;
    expect(second.secret.name).toBe('Okta, 2027');
    const list = await test.api.call<{ secrets: SecretItem[] }>('GET', `${pathOf(directory)}/secrets`);
    expect(list.body.secrets.map(({ name }) => name)).toEqual(['Okta, 2027', 'Okta, production']);
    expect(Object.values(await secretsOf(directory)).map(({ name }) => name)).toEqual([
      'Okta, 2027',
      'Okta, production',
    ]);
  });

  it('is null without one', async () => {
    const directory = await test.newDirectory();
    expect((await issue(directory)).secret.name).toBeNull();
    expect((await issue(directory, { name: null })).secret.name).toBeNull();
  });

  it.each([
    ['longer than 100 characters', 'x'.repeat(101)],
    ['empty', ''],
    ['space alone', ' \t '],
    ['of two lines', 'a\nb'],
    ['with a control character', 'a\u0007b'],
    ['with a control character of the second range', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with half a character', 'a\ud800'],
    ['with an override of direction', 'a\u202eb'],
    ['with an isolate of direction', 'a\u2066b'],
    ['of nothing that is seen', '\u200b\u2060\ufeff'],
    ['of a filler, which is a letter', '\u3164'],
    ['of a pattern without a dot', '\u2800'],
    ['no text', 7],
  ])('is refused when it is %s', async (_, name) => {
    const directory = await test.newDirectory();
    for (const action of ['secrets', 'secrets:regenerate']) {
      const { status, body } = await post<ErrorBody>(directory, action, { name });
      expect([action, status, body.error.code]).toEqual([action, 400, 'invalid_request']);
      expect(body.error.message).toContain('"name" must be a text of 1 to 100 characters');
    }
    expect(await secretsOf(directory)).toEqual({});
  });

  it('may have any script and 100 characters', async () => {
    const directory = await test.newDirectory();
    for (const name of [
      'Ünïcøde ☂ 東京',
      'مفتاح',
      'می\u200cخواهم',
      '\u200fשלום\u200e (1)',
      '👩🏽\u200d🚀',
      'x'.repeat(100),
    ]) {
      expect((await issue(directory, { name })).secret.name).toBe(name);
    }
  });

  it('stands in the audit log with what was replaced', async () => {
    const directory = await test.newDirectory();
    const old = await issue(directory, { name: 'Laptop' });
    await regenerate(directory, { secret_id: old.secret.id, name: 'Server', overlap_seconds: 60 });
    const { entries } = (await test.api.call<AuditLogAnswer>('GET', '/audit_log?page_size=2')).body;
    expect(entries).toMatchObject([
      {
        action: 'directory_secret.regenerated',
        target: { name: expect.stringMatching(/^Server ….{4}$/) },
        changes: { name: { to: 'Server' }, replaced_secret_id: { to: old.secret.id } },
      },
      {
        action: 'directory_secret.created',
        target: { name: `Laptop …${old.secret.secret_suffix}` },
        changes: { name: { to: 'Laptop' } },
      },
    ]);
  });
});

describe('secrets that have ended', () => {
  /** So many that ended long before those that are issued now, the first of them first; their ids. */
  const seedRevoked = (directory: DirectoryItem, count: number) =>
    runAsAdmin<{ id: string }>(test.database.adminUrl, [
      [
        `INSERT INTO directory_secrets (environment_id, directory_id, id, secret_hash, secret_suffix, revoked_time)
         SELECT d.environment_id, d.id, substr(d.id, 1, 20) || lpad(n::text, 6, '0'), 'hash', 'tail',
           now() - interval '1 day' + n * interval '1 second'
         FROM directories d, generate_series(1, $2::integer) AS n WHERE d.id = $1 RETURNING id`,
        [directory.id.slice('dir_'.length), count],
      ],
    ]);
  const revoke = (directory: DirectoryItem, id: string | undefined) =>
    test.api.call('DELETE', `${pathOf(directory)}/secrets/sec_${id}`);

  it('go when another one is issued, but for the last two hundred', async () => {
    const directory = await test.newDirectory();
    const ids = (await seedRevoked(directory, 202)).map(({ id }) => id);
    await issue(directory);
    await issue(directory);
    const { body } = await test.api.call<{ total_size: number }>('GET', `${pathOf(directory)}/secrets?page_size=1`);
    expect(body.total_size).toBe(202);
    const statuses = await Promise.all(ids.slice(0, 4).map((id) => revoke(directory, id)));
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 204, 204]);
  });

  it('go on to tell when the directory was reached last, and when a hand-over was connected', async () => {
    const directory = await test.newDirectory();
    const [used, shown, other] = await seedRevoked(directory, 203);
    const path = `${pathOf(directory)}/hand_overs`;
    await test.api.call('POST', path);
    const seen =
      'UPDATE directory_secrets SET first_used_time = now(), last_used_time = now() - $2::interval WHERE id = $1';
    await runAsAdmin(test.database.adminUrl, [
      [seen, [used?.id, '1 hour']],
      [seen, [shown?.id, '2 hours']],
      ['UPDATE hand_overs SET token_shown_time = now(), secret_id = $1', [shown?.id]],
    ]);
    await issue(directory);
    expect((await revoke(directory, other?.id)).status).toBe(404);
    const { body } = await test.api.call<DirectoryAnswer>('GET', pathOf(directory));
    expect(body.directory.last_request_time).not.toBeNull();
    const { hand_overs: handOvers } = (await test.api.call<HandOverList>('GET', path)).body;
    expect(handOvers).toMatchObject([{ state: 'CONNECTED' }]);
  });
});

describe('secrets:regenerate with a secret_id', () => {
  it('replaces that one alone: the others keep their end and go on', async () => {
    const directory = await test.newDirectory();
    const [mine, lasting, ending] = [
      await issue(directory),
      await issue(directory),
      await issue(directory, { expires_in: 7200 }),
    ];
    const { status, body: fresh } = await regenerate(directory, { secret_id: mine.secret.id, overlap_seconds: 3600 });
    expect(status).toBe(201);
    for (const one of [mine, lasting, ending, fresh]) expect(await scimStatus(directory, one)).toBe(200);
    const now = await secretsOf(directory);
    expect(now[lasting.secret.id]).toMatchObject({ expire_time: null, replaced_time: null });
    expect(now[ending.secret.id]).toMatchObject({ expire_time: ending.secret.expire_time, replaced_time: null });
    expect(now[mine.secret.id]).toMatchObject({ status: 'ACTIVE', replaced_time: fresh.secret.create_time });
    const overlap = Date.parse(now[mine.secret.id]?.expire_time ?? '') - Date.parse(fresh.secret.create_time);
    expect(overlap).toBe(3_600_000);
  });

  it('ends it at once without an overlap, and none but it', async () => {
    const directory = await test.newDirectory();
    const [mine, other] = [await issue(directory), await issue(directory)];
    const { body: fresh } = await regenerate(directory, { secret_id: mine.secret.id });
    expect(await scimStatus(directory, mine)).toBe(401);
    for (const one of [other, fresh]) expect(await scimStatus(directory, one)).toBe(200);
  });

  describe('that ends what it replaces when the new one is seen', () => {
    const LATER = 80_000;
    const body = { overlap_seconds: 86_400, retire_when_seen: true };

    const replace = async (directory: DirectoryItem) => {
      const mine = await issue(directory);
      const { body: fresh } = await regenerate(directory, { ...body, secret_id: mine.secret.id });
      return { mine, fresh };
    };

    const lastUsed = async (directory: DirectoryItem, { secret }: IssuedSecretAnswer) =>
      (await secretsOf(directory))[secret.id]?.last_used_time ?? null;

    /** Uses a token, and waits until that is recorded. */
    const use = async (directory: DirectoryItem, issued: IssuedSecretAnswer) => {
      const before = await lastUsed(directory, issued);
      expect(await scimStatus(directory, issued)).toBe(200);
      await expect.poll(() => lastUsed(directory, issued)).not.toBe(before);
    };

    /** As if so many minutes had gone by since the tokens were used. */
    const letMinutesPass = async (directory: DirectoryItem, minutes: number) =>
      runAsAdmin(test.database.adminUrl, [
        [
          `UPDATE directory_secrets SET last_used_time = last_used_time - make_interval(mins => $2),
             first_used_time = first_used_time - make_interval(mins => $2) WHERE directory_id = $1`,
          [directory.id.slice('dir_'.length), minutes],
        ],
      ]);

    const left = async (directory: DirectoryItem, { secret }: IssuedSecretAnswer) => {
      const { expire_time } = (await secretsOf(directory))[secret.id] ?? {};
      return (Date.parse(expire_time ?? '') - Date.now()) / 1_000;
    };

    it('does so when the new one has been used for an hour and it has not, and leaves it ten minutes', async () => {
      const directory = await test.newDirectory();
      const other = await issue(directory);
      const { mine, fresh } = await replace(directory);
      await use(directory, mine);
      await use(directory, fresh);
      await letMinutesPass(directory, 61);
      expect(await left(directory, mine)).toBeGreaterThan(LATER);
      await use(directory, fresh);
      await expect.poll(() => left(directory, mine)).toBeLessThan(601);
      expect(await scimStatus(directory, mine)).toBe(200);
      const now = await secretsOf(directory);
      expect(now[mine.secret.id]).toMatchObject({ status: 'ACTIVE', retire_when_seen: true });
      expect(now[other.secret.id]).toMatchObject({ expire_time: null, retire_when_seen: false });
    });

    it('does not take whoever tries the new one out for the identity provider', async () => {
      const directory = await test.newDirectory();
      const { mine, fresh } = await replace(directory);
      await use(directory, mine);
      await use(directory, fresh);
      await letMinutesPass(directory, 20);
      await use(directory, fresh);
      expect(await left(directory, mine)).toBeGreaterThan(LATER);
    });

    it('waits as long as both are used', async () => {
      const directory = await test.newDirectory();
      const { mine, fresh } = await replace(directory);
      await use(directory, fresh);
      await letMinutesPass(directory, 61);
      await use(directory, mine);
      await use(directory, fresh);
      expect(await left(directory, mine)).toBeGreaterThan(LATER);
    });
  });

  it('does not let it live longer than it would have', async () => {
    const directory = await test.newDirectory();
    const mine = await issue(directory, { expires_in: 60 });
    await regenerate(directory, { secret_id: mine.secret.id, overlap_seconds: 3600 });
    expect((await secretsOf(directory))[mine.secret.id]?.expire_time).toBe(mine.secret.expire_time);
  });

  it('is done once: again it is 409 and issues nothing, also of two at once', async () => {
    const directory = await test.newDirectory();
    const mine = await issue(directory);
    const body = { secret_id: mine.secret.id, overlap_seconds: 3600 };
    const answers = await Promise.all([1, 2, 3].map(() => regenerate(directory, body)));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409', '409']);
    expect(await refusal(directory, body)).toMatchObject({
      status: 409,
      code: 'secret_not_replaceable',
      message: expect.stringContaining('regenerated already'),
    });
    expect(Object.keys(await secretsOf(directory)).length).toBe(2);
  });

  it('is 409 for one that was revoked, has expired, or was replaced with all the others', async () => {
    const directory = await test.newDirectory();
    const [revoked, expired, replaced] = [
      await issue(directory),
      await issue(directory, { expires_in: 1 }),
      await issue(directory),
    ];
    await test.api.call('DELETE', `${pathOf(directory)}/secrets/${revoked.secret.id}`);
    await expect.poll(async () => (await secretsOf(directory))[expired.secret.id]?.status).toBe('EXPIRED');
    await regenerate(directory, { overlap_seconds: 3600 });
    for (const [{ secret }, text] of [
      [revoked, 'is revoked'],
      [expired, 'has expired'],
      [replaced, 'regenerated already'],
    ] as const) {
      expect(await refusal(directory, { secret_id: secret.id, overlap_seconds: 3600 })).toMatchObject({
        status: 409,
        code: 'secret_not_replaceable',
        message: expect.stringContaining(text),
      });
    }
  });

  it('is 404 for one of another directory and one that is unknown, and 400 for what is no id', async () => {
    const [directory, other] = [await test.newDirectory(), await test.newDirectory()];
    const [mine, theirs] = [await issue(directory), await issue(other)];
    const unknown = `${mine.secret.id.slice(0, -4)}0000`;
    for (const id of [theirs.secret.id, unknown]) {
      expect(await refusal(directory, { secret_id: id })).toMatchObject({ status: 404, code: 'secret_not_found' });
    }
    for (const id of ['', 'sec_', directory.id, null, 7]) {
      expect(await refusal(directory, { secret_id: id })).toMatchObject({ status: 400, code: 'invalid_request' });
    }
    expect(await scimStatus(other, theirs)).toBe(200);
    expect(Object.keys(await secretsOf(directory))).toEqual([mine.secret.id]);
  });

  it('cannot make the active ones more than ten, and says what to do', async () => {
    const directory = await test.newDirectory();
    const issued: IssuedSecretAnswer[] = [];
    for (let i = 0; i < 10; i++) issued.push(await issue(directory));
    const secret_id = issued[0]?.secret.id;
    expect(await refusal(directory, { secret_id, overlap_seconds: 3600 })).toMatchObject({
      status: 422,
      code: 'too_many_secrets',
      message: expect.stringContaining('Revoke one'),
    });
    expect((await secretsOf(directory))[secret_id ?? '']?.replaced_time).toBeNull();
    expect((await regenerate(directory, { secret_id })).status).toBe(201);
  });
});
