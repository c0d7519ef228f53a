import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { AppError } from '@rollcall/platform';
import { APP_ROLE, createDataSource } from './connect-database';
import type { ConnectOptions } from './connect-database';
import { isDatabaseUnavailable } from './is-database-unavailable';

/** What a login could do beyond the application's role, as PostgreSQL tells it. */
export interface LoginFacts {
  login: string;
  isSuperuser: boolean;
  bypassesRowSecurity: boolean;
  /** It may make itself a member of any role that is no superuser (CREATEROLE, before PostgreSQL 16). */
  grantsItself: boolean;
  /** The role that owns tables, schema or database, when the login is it or may become it. */
  owner: string | null;
  /** A role past row-level security, or with the server's files or programs, that the login may become. */
  stronger: string | null;
  /** It is the application's role or a member of it. */
  actsAsApplication: boolean;
}

/** A database may be starting too: it is asked again, for some seconds. */
const TRIES = 5;
const TRY_AGAIN_MS = 1_000;

/**
 * Refuses to serve as a login for which row-level security is no wall, or that cannot act as the application's role. Takes
 * DATABASE_URL, and whether it leads through a pooler in transaction mode, and logs in as that login itself: what a session may become again with RESET ROLE counts. Throws AppError
 * `login_too_strong`, `app_role_missing`, each with a sentence, and the error of a server that gives no connection.
 */
export async function checkRuntimeLogin(url: string, isPooled = false): Promise<void> {
  const dataSource = await connect({ url, isPooled, poolSize: 1, applicationName: 'rollcall-check' });
  const facts = await readLoginFacts(dataSource).finally(() => dataSource.destroy());
  const power = facts && describePower(facts);
  if (power) {
    throw new AppError({
      kind: 'unavailable',
      code: 'login_too_strong',
      message: `DATABASE_URL logs in as "${facts.login}", which ${power}: give the application a login of its own, such as ${APP_ROLE}, which "npm run rollcall -- migrate" makes when DATABASE_URL names it and DATABASE_OWNER_URL has the owner's login.`,
    });
  }
  if (facts && !facts.actsAsApplication) {
    throw new AppError({
      kind: 'unavailable',
      code: 'app_role_missing',
      message: `The login "${facts.login}" of DATABASE_URL cannot act as ${APP_ROLE}: run "npm run rollcall -- migrate" with DATABASE_OWNER_URL, or "bootstrap" for a new database.`,
    });
  }
}

async function connect(options: ConnectOptions): Promise<DataSource> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createDataSource(options).initialize();
    } catch (error) {
      if (attempt === TRIES || !isDatabaseUnavailable(error)) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

/** What of a login makes row-level security no wall for it, to go on after "which"; null when nothing does. */
export function describePower(facts: LoginFacts): string | null {
  const { login, owner, stronger } = facts;
  if (facts.isSuperuser) return 'is a superuser';
  if (facts.bypassesRowSecurity) return 'may bypass row-level security (BYPASSRLS)';
  if (owner === login) return 'owns the tables, the schema or the database';
  if (owner !== null) return `is a member of "${owner}", the owner`;
  if (stronger !== null)
    return `may become "${stronger}", which passes row-level security or reaches the server's files`;
  if (facts.grantsItself) return 'may make itself a member of the owner (CREATEROLE)';
  return null;
}

/** The facts of a login, by default that of the connection; null when there is no such role. */
export async function readLoginFacts(dataSource: DataSource, login?: string): Promise<LoginFacts | null> {
  const [facts] = await dataSource.query<LoginFacts[]>(LOGIN_FACTS, [login ?? null]);
  return facts ?? null;
}

const SERVER_ROLES = `'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'`;

// MEMBER and not SET or USAGE: also who has a membership only to grant it can give it to itself.
const LOGIN_FACTS = `
  SELECT r.rolname AS login, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesRowSecurity",
    r.rolcreaterole AND current_setting('server_version_num')::integer < 160000 AS "grantsItself",
    (SELECT o.rolname FROM pg_roles o
      WHERE pg_has_role(r.oid, o.oid, 'MEMBER') AND o.oid IN (
        SELECT c.relowner FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        UNION SELECT n.nspowner FROM pg_namespace n WHERE n.nspname IN ('public', 'bullmq')
        UNION SELECT d.datdba FROM pg_database d WHERE d.datname = current_database())
      ORDER BY o.oid <> r.oid, o.rolname = 'pg_database_owner', o.rolname LIMIT 1) AS owner,
    (SELECT o.rolname FROM pg_roles o
      WHERE pg_has_role(r.oid, o.oid, 'MEMBER') AND (o.rolsuper OR o.rolbypassrls OR o.rolname IN (${SERVER_ROLES}))
      ORDER BY o.rolname LIMIT 1) AS stronger,
    EXISTS (SELECT 1 FROM pg_roles o WHERE o.rolname = '${APP_ROLE}' AND pg_has_role(r.oid, o.oid, 'MEMBER')) AS "actsAsApplication"
  FROM pg_roles r WHERE r.rolname = coalesce($1::text, session_user::text)`;
