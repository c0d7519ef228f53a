import type { DataSource } from 'typeorm';
import type { UserData } from '@rollcall/contract';
import { foldText } from '@rollcall/scim';
import { runStatement, tenantTransaction } from '@rollcall/database';
import type { DirectoryScope, OrganizationScope } from '../directories/find-directory';

/** Events that are read at one time. */
const CHUNK = 1_000;

/**
 * The bare ids of the users of a directory that an e-mail address, a userName or an externalId names, in any case, deleted ones
 * included. A deleted user is found in the log, which is read through: for a command, not for a request. Events beyond ASCII are
 * compared here, where text is folded.
 */
export async function findErasedUser(dataSource: DataSource, scope: DirectoryScope, name: string): Promise<string[]> {
  const wanted = foldText(name);
  const found = new Set<string>();
  for (let position: string | null = '0'; position !== null;) {
    const from: string = position;
    position = await tenantTransaction(dataSource, scope, async (manager) => {
      const { rows } = await runStatement<{ sequence: string; resource_id: string; body: string | null }>(
        manager,
        `SELECT e.sequence, e.resource_id, CASE WHEN e.type LIKE 'organization.directory.user\\_%'
           AND (strpos(lower(e.body), lower(to_json($3::text)::text)) > 0 OR octet_length(e.body) <> char_length(e.body))
           THEN e.body END AS body
         FROM events e WHERE e.directory_id = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT ${CHUNK}`,
        [scope.directoryId, from, name],
      );
      for (const row of rows) if (row.body !== null && names(row.body, wanted)) found.add(row.resource_id);
      return rows.at(-1)?.sequence ?? null;
    });
  }
  const living = await tenantTransaction(dataSource, scope, (manager) =>
    runStatement<{ id: string }>(
      manager,
      `SELECT u.id FROM directory_users u WHERE u.directory_id = $1 AND u.user_name_key = $2
       UNION SELECT u.id FROM directory_users u WHERE u.directory_id = $1 AND u.external_id = $3
       UNION SELECT m.user_id FROM directory_user_emails m WHERE m.directory_id = $1 AND m.value_key = $2`,
      [scope.directoryId, wanted, name],
    ),
  );
  for (const { id } of living.rows) found.add(id);
  return [...found];
}

function names(body: string, wanted: string): boolean {
  const { data } = JSON.parse(body) as { data: UserData };
  const values = [data.email, data.preferred_username, data.dp_id, ...data.emails.map(({ value }) => value)];
  return values.some((value) => typeof value === 'string' && foldText(value) === wanted);
}

/**
 * Whose a directory or an organization is, deleted ones included; null when there is none. For a command of the owner, who sees every
 * environment.
 */
export async function findErasureScope(
  dataSource: DataSource,
  { directoryId, organizationId }: { directoryId?: string; organizationId?: string },
): Promise<OrganizationScope | null> {
  const [table, column, id] = directoryId
    ? (['directories', 'organization_id', directoryId] as const)
    : (['organizations', 'id', organizationId] as const);
  return dataSource.transaction(async (manager) => {
    await runStatement(manager, `SELECT set_config('rollcall.every_tenant', 'on', true)`);
    const { rows } = await runStatement<OrganizationScope>(
      manager,
      `SELECT environment_id AS "environmentId", ${column} AS "organizationId" FROM ${table} WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  });
}
