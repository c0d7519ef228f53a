import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { quoteName } from './quote-name';
import { sqlState } from './tenant-transaction';

/**
 * What the application's login needs as its defaults where a pooler in transaction mode is on the way: nothing else can carry
 * settings there, for a session's own end up with whoever comes next. As `current_setting` shows them.
 */
export const LOGIN_DEFAULTS: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  jit: 'off',
  enable_seqscan: 'off',
  // A worker's; the sessions of an ingress give up sooner by themselves.
  statement_timeout: '18s',
  idle_in_transaction_session_timeout: '15s',
};

/**
 * Gives a login these defaults in the database of the owner's connection, as far as they are missing, and the role to act as when it
 * is another. Throws AppError `app_role_missing` with what an administrator has to run when the owner may not.
 */
export async function giveLoginDefaults(dataSource: DataSource, login: string, role: string): Promise<void> {
  const wanted = { ...LOGIN_DEFAULTS, ...(login !== role && { role }) };
  const [found] = await dataSource.query<{ database: string; settings: string[] }[]>(
    `SELECT d.datname AS database, ARRAY(
       SELECT c.setting FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c (setting)
       WHERE r.rolname = $1 AND s.setdatabase IN (0, d.oid) ORDER BY s.setdatabase) AS settings
     FROM pg_database d WHERE d.datname = current_database()`,
    [login],
  );
  // Those of the database, which come last, hold before those of all databases.
  const given = new Map(
    found?.settings.map((setting) => {
      const [name = '', ...value] = setting.toLowerCase().split('=');
      return [name, value.join('=')];
    }),
  );
  const statements = Object.entries(wanted)
    .filter(([name, value]) => given.get(name.toLowerCase()) !== value.toLowerCase())
    .map(
      ([name, value]) =>
        `ALTER ROLE ${quoteName(login)} IN DATABASE ${quoteName(found?.database ?? '')} SET ${name} = '${value}'`,
    );
  try {
    for (const statement of statements) await dataSource.query(statement);
  } catch (cause) {
    if (sqlState(cause) !== '42501') throw cause;
    throw new AppError({
      kind: 'unavailable',
      code: 'app_role_missing',
      message: `With DATABASE_DIRECT_URL the login "${login}" needs settings of its own, which the owner may not give it. As an administrator of the database run: ${statements.join('; ')};`,
      cause,
    });
  }
}
