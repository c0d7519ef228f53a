import { callFunction, PortalLink, poolOf, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';

/** An organization of an environment; bare ids. */
export interface PlacedOrganization {
  environmentId: string;
  organizationId: string;
}

/** Where an organization lives. Nothing may be asked of it while it is on its way to another cell. */
export interface Placement extends PlacedOrganization {
  cell: string;
  isMoving: boolean;
}

interface PlacementRow {
  environment_id: string;
  organization_id: string;
  cell: string;
  state: 'settled' | 'leaving' | 'arriving';
}

/** Where an organization lives, as the control cell has it; null for one that was not asked for yet. */
export async function findPlacement(control: DataSource, organizationId: string): Promise<Placement | null> {
  const [row] = await callFunction<PlacementRow>(poolOf(control), 'find_placement', [organizationId]);
  return row ? placementOf({ ...row, organization_id: organizationId }) : null;
}

/** The same of the organization of a directory. */
export async function findDirectoryPlacement(control: DataSource, directoryId: string): Promise<Placement | null> {
  const [row] = await callFunction<PlacementRow>(poolOf(control), 'find_directory_placement', [directoryId]);
  return row ? placementOf(row) : null;
}

/** The organizations that are being moved. */
export async function findMoving(control: DataSource): Promise<Placement[]> {
  return (await callFunction<PlacementRow>(poolOf(control), 'find_moving_organizations', [])).map(placementOf);
}

function placementOf({ environment_id, organization_id, cell, state }: PlacementRow): Placement {
  return { environmentId: environment_id, organizationId: organization_id, cell, isMoving: state !== 'settled' };
}

/** What a cell has of an organization. A tombstone is also left by one that was moved away. */
export interface Located extends PlacedOrganization {
  isDeleted: boolean;
}

interface LocatedRow {
  environment_id: string;
  organization_id: string;
  deleted: boolean;
}

/** Whether a cell has an organization; null when it has not. */
export async function locateOrganization(cell: DataSource, organizationId: string): Promise<Located | null> {
  const [row] = await callFunction<LocatedRow>(poolOf(cell), 'locate_organization', [organizationId]);
  return row ? { environmentId: row.environment_id, organizationId, isDeleted: row.deleted } : null;
}

/** Whether a cell has a directory, and whose it is. */
export async function locateDirectory(cell: DataSource, directoryId: string): Promise<Located | null> {
  const [row] = await callFunction<LocatedRow>(poolOf(cell), 'locate_directory', [directoryId]);
  if (!row) return null;
  return { environmentId: row.environment_id, organizationId: row.organization_id, isDeleted: row.deleted };
}

/** The cells that have events of a directory from before it was moved, oldest first, each up to that number. */
export async function findPastPlacements(
  control: DataSource,
  directoryId: string,
): Promise<{ cell: string; lastSequence: number }[]> {
  const rows = await callFunction<{ cell: string; last_sequence: string }>(poolOf(control), 'find_past_placements', [
    directoryId,
  ]);
  return rows.map(({ cell, last_sequence }) => ({ cell, lastSequence: Number(last_sequence) }));
}

/** The cells that have events of an organization from before it was moved. */
export async function findPastCells(
  control: DataSource,
  { environmentId, organizationId }: PlacedOrganization,
): Promise<string[]> {
  const rows = await callFunction<{ cell: string }>(poolOf(control), 'find_past_cells', [
    environmentId,
    organizationId,
  ]);
  return rows.map(({ cell }) => cell);
}

/** How many organizations a cell has. */
export async function countOrganizations(cell: DataSource): Promise<number> {
  const [row] = await callFunction<{ organizations: string }>(poolOf(cell), 'count_organizations', []);
  return Number(row?.organizations ?? 0);
}

/** Whose the portal session is that a cell has for a token's hash; null when it has none. */
export function locatePortalSession(cell: DataSource, tokenHash: string): Promise<PlacedOrganization | null> {
  return locateByHash(cell, 'find_portal_session', tokenHash);
}

/** The same of a hand-over. */
export function locateHandOver(cell: DataSource, tokenHash: string): Promise<PlacedOrganization | null> {
  return locateByHash(cell, 'find_hand_over', tokenHash);
}

async function locateByHash(cell: DataSource, name: string, hash: string): Promise<PlacedOrganization | null> {
  const [row] = await callFunction<Omit<LocatedRow, 'deleted'>>(poolOf(cell), name, [hash]);
  return row ? { environmentId: row.environment_id, organizationId: row.organization_id } : null;
}

/** The same of a portal link. */
export async function locatePortalLink(cell: DataSource, tokenHash: string): Promise<PlacedOrganization | null> {
  const [row] = await callFunction<{ environment_id: string; id: string }>(poolOf(cell), 'find_portal_link', [
    tokenHash,
  ]);
  if (!row) return null;
  const { environment_id: environmentId, id } = row;
  return tenantTransaction(cell, { environmentId }, async (manager) => {
    const link = await manager.findOneBy(PortalLink, { environmentId, id });
    return link && { environmentId, organizationId: link.organizationId };
  });
}

/**
 * Runs work while nobody else of the installation gives an organization the same id of the owner's: it is unique in the environment, and
 * each cell knows its own alone. Of all environments one such id is given at a time.
 */
export async function whileNamingOrganization<T>(
  control: DataSource,
  externalId: string,
  work: () => Promise<T>,
): Promise<T> {
  return control.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`organization ${externalId}`]);
    return work();
  });
}
