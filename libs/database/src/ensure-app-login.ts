import { Client } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { describePower, readLoginFacts } from './check-runtime-login';
import { APP_ROLE } from './connect-database';
import { hashLoginPassword } from './hash-login-password';
import { giveLoginDefaults } from './login-defaults';
import { quoteName } from './quote-name';
import { openAsOwner } from './open-as-owner';
import { sqlState } from './tenant-transaction';

/** Where the owner and the application log in; without `appUrl` only the application's role is wanted. */
export interface DatabaseLogins {
  ownerUrl: string;
  appUrl?: string;
  /** The application comes through a pooler in transaction mode, and its login needs defaults. */
  isPooled?: boolean;
}

/** What there is of the application's role and of its login, which may be the same one. */
export interface AppLoginFacts {
  login: string;
  hasRole: boolean;
  hasLogin: boolean;
  isMember: boolean;
  /** The password of DATABASE_URL opens it. */
  opens: boolean;
  database: string;
  /** The application's role may connect to it and make temporary tables, as the queue does. */
  mayConnect: boolean;
}

/** The same on a connection that is opened for it. */
export async function ensureAppLogin(logins: DatabaseLogins): Promise<void> {
  const dataSource = await openAsOwner(logins.ownerUrl, { applicationName: 'rollcall-setup' });
  try {
    await makeAppLogin(dataSource, logins);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Makes the application's role and the login of `appUrl` as far as they are missing, and gives the login the password of that URL
 * when it does not open yet. Takes the owner's connection. Throws AppError `app_role_missing` with what an administrator has to run when the owner
 * may not, `login_too_strong` for a login that could do more than the application may, `app_login_refused` for one that cannot be
 * opened and is not ours to change, and what giveLoginDefaults throws.
 */
export async function makeAppLogin(
  dataSource: DataSource,
  { ownerUrl, appUrl, isPooled }: DatabaseLogins,
): Promise<void> {
  const app = appUrl ? new URL(appUrl) : undefined;
  const login = app?.username ? decodeURIComponent(app.username) : APP_ROLE;
  const password = app && decodeURIComponent(app.password);
  await refuseStrong(dataSource, login);
  const wasMade = await dataSource.transaction(async (manager) => {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtext('rollcall.app_login'))`);
    const opens = app === undefined || (await tryLogin(ownerUrl, app)) === null;
    const facts = { ...(await readFacts(manager, login)), opens };
    if (!opens && facts.hasLogin && !facts.isMember) throw refusedLogin(login, 'its password is another one');
    const statements = listStatements(facts, password && hashLoginPassword(password));
    try {
      for (const statement of statements) await manager.query(statement);
    } catch (error) {
      throw sqlState(error) === '42501' ? refusedOwner(login, listStatements(facts, password && '…'), error) : error;
    }
    return !opens;
  });
  const refusal = wasMade && app ? await tryLogin(ownerUrl, app) : null;
  if (refusal) throw refusedLogin(login, refusal);
  if (isPooled) await giveLoginDefaults(dataSource, login, APP_ROLE);
}

function refusedOwner(login: string, statements: string[], cause: unknown): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'app_role_missing',
    message: `The login "${login}" of the application is missing or incomplete, and the owner may not make it. As an administrator of the database run, with the password of DATABASE_URL: ${statements.join('; ')};`,
    cause,
  });
}

async function refuseStrong(dataSource: DataSource, login: string): Promise<void> {
  const facts = await readLoginFacts(dataSource, login);
  const power = facts && describePower(facts);
  if (!power) return;
  throw new AppError({
    kind: 'unavailable',
    code: 'login_too_strong',
    message: `DATABASE_URL names the login "${login}", which ${power}: name one for the application alone, such as ${APP_ROLE}; it is made when it is missing.`,
  });
}

function refusedLogin(login: string, why: string): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'app_login_refused',
    message: `The login "${login}" of DATABASE_URL cannot be opened: ${why}.`,
  });
}

/** Why the application's login does not open on the owner's server, or null. Other errors, as of a server that is away, pass through. */
async function tryLogin(ownerUrl: string, { username, password }: URL): Promise<string | null> {
  const url = Object.assign(new URL(ownerUrl), { username: username || APP_ROLE, password }).href;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    if (/^(28...|42501)$/.test(sqlState(error) ?? '')) return (error as Error).message;
    // What pg says of a server that asks for a password when there is none.
    if (/password must be a/.test((error as Error).message)) return 'it needs a password';
    throw error;
  } finally {
    await client.end();
  }
}

async function readFacts(manager: EntityManager, login: string): Promise<Omit<AppLoginFacts, 'opens'>> {
  const [facts] = await manager.query<Omit<AppLoginFacts, 'opens'>[]>(
    `SELECT $1::text AS login, a.oid IS NOT NULL AS "hasRole", l.oid IS NOT NULL AS "hasLogin",
       coalesce(pg_has_role(l.oid, a.oid, 'MEMBER'), false) AS "isMember",
       d.datname AS database, has_database_privilege(coalesce(a.rolname, 'public'), d.oid, 'CONNECT')
         AND has_database_privilege(coalesce(a.rolname, 'public'), d.oid, 'TEMPORARY') AS "mayConnect"
     FROM pg_database d LEFT JOIN pg_roles a ON a.rolname = $2 LEFT JOIN pg_roles l ON l.rolname = $1
     WHERE d.datname = current_database()`,
    [login, APP_ROLE],
  );
  if (!facts) throw new Error('the database is not among the databases');
  return facts;
}

/** What is still to be run, in order; nothing when all is there. `password`: as CREATE ROLE takes it; '' for a login without one, undefined for no login. */
export function listStatements(facts: AppLoginFacts, password: string | undefined): string[] {
  const { login, hasRole, hasLogin, isMember, opens, database, mayConnect } = facts;
  const statements: string[] = [];
  const opening = `LOGIN${password ? ` PASSWORD '${password}'` : ''}`;
  if (!hasRole && login !== APP_ROLE) statements.push(`CREATE ROLE ${APP_ROLE} NOLOGIN`);
  if (!hasLogin) statements.push(`CREATE ROLE ${quoteName(login)} ${password === undefined ? 'NOLOGIN' : opening}`);
  else if (!opens) statements.push(`ALTER ROLE ${quoteName(login)} ${opening}`);
  if (login !== APP_ROLE && !isMember) statements.push(`GRANT ${APP_ROLE} TO ${quoteName(login)}`);
  if (!mayConnect) statements.push(`GRANT CONNECT, TEMPORARY ON DATABASE ${quoteName(database)} TO ${APP_ROLE}`);
  return statements;
}
