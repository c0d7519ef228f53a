import { escapeLiteral } from 'pg';
import type { ClientBase } from 'pg';
import { TABLE_CLASSES } from '../table-classes';
import type { MovedOrganization } from './cell';

/** A table of which an organization's rows are moved. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  /** Which rows are the organization's, as SQL without parameters, which COPY does not take. */
  readonly where: string;
}

/** Tables of directories and organizations whose rows are not copied from one cell to the other, each with where they are then. */
export const STAYING: Readonly<Record<string, string>> = {
  events: 'where they were stored, until retention drops them: the feed reads every cell',
  deliveries: 'as the events; pending ones go as moving_rows',
  delivery_attempts: 'as the events',
  changes: 'they go as moving_rows',
  placements: 'in the control cell',
  directory_placements: 'in the control cell',
  past_placements: 'in the control cell',
};

/** Tables of the environment that have rows for one organization alone, which are good for nothing in another cell. */
const OF_ENVIRONMENT = ['api_clients', 'api_client_secrets', 'imported_ids'];

/** Rows that others point to, and that stay as tombstones: they are replaced and never deleted. */
export const TOMBSTONES = ['organizations', 'directories', 'directory_counters'];

/**
 * Every table that an organization's rows are copied of, in an order in which foreign keys hold. They follow from the classes of the
 * tables: a new one is moved without a word. Takes a connection to any cell, and bare ids.
 */
export async function findMovedTables(
  client: ClientBase,
  organization: MovedOrganization,
  directoryIds: readonly string[],
): Promise<MovedTable[]> {
  const ofDirectories: ReadonlySet<string> = new Set(TABLE_CLASSES.directory.tables);
  const names = [...TABLE_CLASSES.directory.tables, ...TABLE_CLASSES.organization.tables, ...OF_ENVIRONMENT].filter(
    (name) => !Object.hasOwn(STAYING, name),
  );
  const { rows } = await client.query<{ name: string; columns: string[]; primary_key: string[] }>(COLUMNS, [names]);
  const tables = rows.map(({ name, columns, primary_key: primaryKey }) => {
    const isOfDirectory = ofDirectories.has(name) || !columns.includes('organization_id');
    return { name, columns, primaryKey, where: whereOf(name, isOfDirectory, organization, directoryIds) };
  });
  return tables.toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
}

function whereOf(
  name: string,
  isOfDirectory: boolean,
  { environmentId, organizationId }: MovedOrganization,
  directoryIds: readonly string[],
): string {
  const inEnvironment = `environment_id = ${escapeLiteral(environmentId)}`;
  const isOrganization = `organization_id = ${escapeLiteral(organizationId)}`;
  if (name === 'organizations') return `${inEnvironment} AND id = ${escapeLiteral(organizationId)}`;
  if (name === 'api_client_secrets') {
    return `${inEnvironment} AND api_client_id IN (SELECT id FROM api_clients WHERE ${inEnvironment} AND ${isOrganization})`;
  }
  if (name === 'imported_ids') {
    return `${inEnvironment} AND own_id IN (${[organizationId, ...directoryIds].map(escapeLiteral).join(', ')})`;
  }
  if (!isOfDirectory) return `${inEnvironment} AND ${isOrganization}`;
  return `directory_id = ANY (ARRAY[${directoryIds.map(escapeLiteral).join(', ')}]::text[])`;
}

/** What others refer to goes first; a client's secrets behind their client. */
function placeOf(name: string): number {
  const place = [...TOMBSTONES, 'api_clients'].indexOf(name);
  return place >= 0 ? place : TOMBSTONES.length + 1;
}

/** In the order of names, so that whoever moves at the same time locks in the same order. */
const COLUMNS = `
  SELECT c.relname AS name, json_agg(a.attname ORDER BY a.attnum) AS columns,
    (SELECT json_agg(k.attname) FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
     WHERE i.indrelid = c.oid AND i.indisprimary) AS primary_key
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1) GROUP BY c.oid, c.relname ORDER BY c.relname`;
