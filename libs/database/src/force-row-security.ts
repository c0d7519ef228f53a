import type { DataSource } from 'typeorm';
import { APP_ROLE, EVERY_TENANT } from './connect-database';

/**
 * When the owner of the tables sees rows of every tenant: inside a function that runs with its owner's rights, where the current user
 * is not the one that the session acts as; and in a session that says so. So a process that was given the owner's login by mistake
 * finds nothing, while look-ups before the tenant is known work with an owner who is no superuser.
 */
const OWNER_REACH = `current_user::text <> coalesce(nullif(current_setting('role'), 'none'), session_user::text)
  OR current_setting('${EVERY_TENANT}', true) = 'on'`;

interface OpenTable {
  name: string;
  owner: string;
  is_partition: boolean;
  has_policy: boolean;
  for_everybody: string[];
}

/**
 * Puts the owner too behind the row-level security of every table that has it, those that later migrations add included. A partition
 * gets no policy: it is read through its table. Policies for everybody become the application's, so that the functions above, which
 * every SCIM request calls, do not work out both. Needs the owner's connection and the migration lock; does nothing, and locks nothing, when
 * all is done.
 */
export async function forceRowSecurity(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL lock_timeout = '5s'`);
    for (const table of await manager.query<OpenTable[]>(OPEN_TABLES)) {
      const { name, owner, is_partition, has_policy, for_everybody } = table;
      await manager.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
      if (is_partition) continue;
      for (const policy of for_everybody) await manager.query(`ALTER POLICY ${policy} ON ${name} TO ${APP_ROLE}`);
      if (has_policy) await manager.query(`DROP POLICY owner ON ${name}`);
      await manager.query(
        `CREATE POLICY owner ON ${name} TO ${owner} USING (${OWNER_REACH}) WITH CHECK (${OWNER_REACH})`,
      );
    }
  });
}

/** Tables with row-level security, and their partitions, whose owner is not behind it yet. */
const OPEN_TABLES = `
  SELECT quote_ident(c.relname) AS name, quote_ident(o.rolname) AS owner, c.relispartition AS is_partition,
    p.polname IS NOT NULL AS has_policy, e.names AS for_everybody
  FROM pg_class c
  JOIN pg_roles o ON o.oid = c.relowner
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  LEFT JOIN pg_class parent ON parent.oid = i.inhparent
  LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'owner'
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(quote_ident(x.polname)), '{}') AS names FROM pg_policy x
    WHERE x.polrelid = c.oid AND x.polroles = '{0}') e
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND coalesce(parent.relrowsecurity, c.relrowsecurity)
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND e.names = '{}'
      AND (c.relispartition OR p.polroles IS NOT DISTINCT FROM ARRAY[c.relowner]))
  ORDER BY c.relname`;
