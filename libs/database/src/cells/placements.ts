import type { DataSource, EntityManager } from 'typeorm';
import { publicId } from '@rollcall/platform';
import { OPERATOR, writeAuditEntries } from '../audit/write-audit-entries';
import { poolOf } from '../connect-database';
import { longTransaction } from '../long-transaction';
import { runStatement } from '../run-statement';
import type { MovedOrganization } from './cell';

/** settled: it is served. The other two: it is being moved and refused meanwhile; before and after its new cell has all of it. */
export type PlacementState = 'settled' | 'leaving' | 'arriving';

/** Where an organization lives, as the control cell has it. */
export interface Placement extends MovedOrganization {
  readonly cell: string;
  readonly state: PlacementState;
  /** While it is leaving, the cell that it goes to; while it is arriving, the one that it has left. Null when it is settled. */
  readonly otherCell: string | null;
}

const STATEMENTS = { statementMs: 10_000, lockMs: 10_000 };

/** The placement of an organization by its bare id; null when nobody has asked for it yet. */
export async function readPlacement(control: DataSource, organizationId: string): Promise<Placement | null> {
  const [row] = await control.query<PlacementRow[]>(
    'SELECT environment_id, organization_id, cell, state, to_cell FROM placements WHERE organization_id = $1',
    [organizationId],
  );
  if (!row) return null;
  const { environment_id: environmentId, cell, state, to_cell: otherCell } = row;
  return { environmentId, organizationId, cell, state, otherCell };
}

interface PlacementRow {
  environment_id: string;
  organization_id: string;
  cell: string;
  state: PlacementState;
  to_cell: string | null;
}

/** Writes down where an organization and its directories were found. What is known already stays. */
export async function keepPlacement(
  control: DataSource,
  { environmentId, organizationId }: MovedOrganization,
  cell: string,
  directoryIds: readonly string[],
): Promise<void> {
  await longTransaction(poolOf(control), STATEMENTS, async (client) => {
    await client.query('SELECT keep_placement($1, $2, $3)', [environmentId, organizationId, cell]);
    await client.query('SELECT keep_directory_placement(d, $1, $2) FROM unnest($3::text[]) AS d', [
      environmentId,
      organizationId,
      directoryIds,
    ]);
  });
}

/** Has every ingress refuse an organization, as soon as it has seen that it leaves. From here on counts for how long it is refused. */
export async function beginLeaving(
  control: DataSource,
  { environmentId, organizationId }: MovedOrganization,
  toCell: string,
): Promise<void> {
  await control.query(
    `UPDATE placements SET state = 'leaving', to_cell = $3, update_time = clock_timestamp()
     WHERE environment_id = $1 AND organization_id = $2 AND state = 'settled'`,
    [environmentId, organizationId, toCell],
  );
}

/** A directory and the number of its last event. */
export interface LastSequence {
  readonly directoryId: string;
  readonly lastSequence: string;
}

/** An organization as it leaves a cell. */
export interface LeavingOrganization {
  readonly name: string;
  readonly directories: readonly LastSequence[];
}

/**
 * From here on the organization is one of its new cell; what its directories have published so far is read where it is. The audit log
 * tells of it. Does nothing unless the organization is leaving.
 */
export async function beginArriving(
  control: DataSource,
  placement: Placement,
  { name, directories }: LeavingOrganization,
): Promise<void> {
  const { environmentId, organizationId, cell, otherCell } = placement;
  await control.transaction(async (manager) => {
    const { affected } = await runStatement(
      manager,
      `UPDATE placements SET state = 'arriving', cell = $3, to_cell = $4
       WHERE environment_id = $1 AND organization_id = $2 AND state = 'leaving' AND cell = $4`,
      [environmentId, organizationId, otherCell, cell],
    );
    if (affected === 0) return;
    await keepPast(manager, placement, directories);
    const target = { type: 'organization', id: publicId('org', organizationId), name } as const;
    await writeAuditEntries(manager, environmentId, OPERATOR, [
      { action: 'organization.moved', target, organizationId, changes: { cell: { from: cell, to: otherCell } } },
    ]);
  });
}

async function keepPast(
  manager: EntityManager,
  { environmentId, cell }: Placement,
  directories: readonly LastSequence[],
): Promise<void> {
  await runStatement(
    manager,
    `INSERT INTO past_placements (directory_id, ordinal, environment_id, cell, last_sequence)
     SELECT d.id, coalesce((SELECT max(p.ordinal) FROM past_placements p WHERE p.directory_id = d.id), 0) + 1, $1, $2, d.last_sequence
     FROM unnest($3::text[], $4::bigint[]) AS d (id, last_sequence)`,
    [
      environmentId,
      cell,
      directories.map(({ directoryId }) => directoryId),
      directories.map(({ lastSequence }) => lastSequence),
    ],
  );
}

/** The organization is served again, where its placement says. Returns for how many milliseconds it was refused. */
export async function settlePlacement(
  control: DataSource,
  { environmentId, organizationId }: MovedOrganization,
): Promise<number> {
  return longTransaction(poolOf(control), STATEMENTS, async (client) => {
    const { rows } = await client.query<{ refused_ms: number }>(
      `SELECT (extract(epoch FROM clock_timestamp() - update_time) * 1000)::float8 AS refused_ms FROM placements
       WHERE environment_id = $1 AND organization_id = $2 FOR UPDATE`,
      [environmentId, organizationId],
    );
    await client.query(
      `UPDATE placements SET state = 'settled', to_cell = NULL, update_time = clock_timestamp()
       WHERE environment_id = $1 AND organization_id = $2`,
      [environmentId, organizationId],
    );
    return Math.round(rows[0]?.refused_ms ?? 0);
  });
}
