import type { FastifyRequest } from 'fastify';
import type { Facade } from '@rollcall/cells';
import { findImported, locateDirectory, locateOrganization } from '@rollcall/management';
import type { Placement } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { isForeignId } from '../foreign-ids/take-foreign-ids';
import { askIfThere } from './ask-cell';
import type { Cell } from './cell';
import type { Installation } from './installation';
import { cellUnavailable, organizationMoving } from './refusals';

/** Who names something: by whose API, with which credential. */
export interface Naming {
  of: Facade;
  authorization: string | undefined;
}

/**
 * Where the organization lives that an id names, or that a directory is of which it names; also by an id of before. Null when nobody has
 * it. Throws AppError 503.
 */
export async function findNamed(installation: Installation, id: string, naming: Naming): Promise<Placement | null> {
  const own = isForeignId(id) ? await findOwnId(installation, id, naming) : id;
  if (own === null) return null;
  const { placements } = installation;
  const organizationId = parseId('org', own);
  if (organizationId !== null) return placements.organization(organizationId);
  const directoryId = parseId('dir', own);
  return directoryId === null ? null : placements.directory(directoryId);
}

/** Our id of an organization or a directory that another service's id names; null when no cell knows it. Throws AppError 503. */
export async function findOwnId(
  { cells, environments, placements }: Installation,
  id: string,
  { of: service, authorization }: Naming,
): Promise<string | null> {
  const environmentId = await environments.find(authorization);
  if (environmentId === null) return null;
  const look = async (cell: Cell) => {
    const own = await cell.look((store) => findImported(store, { environmentId, service }, [id]));
    const ownId = own.get(id);
    return ownId === undefined ? null : { ownId, isDeleted: await isDeletedThere(cell, ownId) };
  };
  const answers = await placements.lookUp('foreign', () => Promise.allSettled(cells.map(look)));
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []));
  const living = found.find(({ isDeleted }) => !isDeleted);
  if (!living && answers.some(({ status }) => status === 'rejected')) throw cellUnavailable();
  return (living ?? found[0])?.ownId ?? null;
}

async function isDeletedThere(cell: Cell, publicId: string): Promise<boolean> {
  const [organizationId, directoryId] = [parseId('org', publicId), parseId('dir', publicId)];
  const located = await cell.look(async (store) => {
    if (organizationId !== null) return locateOrganization(store, organizationId);
    return directoryId === null ? null : locateDirectory(store, directoryId);
  });
  return located?.isDeleted ?? true;
}

/** Our ids of organizations and directories of a cell, by those that another service has given them. */
export async function findOwnIdsIn(
  cell: Cell,
  { environments }: Installation,
  { ids, of: service, authorization }: Naming & { ids: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const foreign = ids.filter(isForeignId);
  const environmentId = foreign.length === 0 ? null : await environments.find(authorization);
  if (environmentId === null) return new Map();
  return cell.look((store) => findImported(store, { environmentId, service }, foreign));
}

/**
 * Where the organization lives that has an id of the owner's; null when nobody has it who may be told. Throws AppError 503 when a cell
 * that does not answer may have it.
 * @param url of the organization in our API, by that id
 */
export async function findByExternalId(
  { cells, placements }: Installation,
  request: FastifyRequest,
  url: string,
): Promise<Placement | null> {
  let isSomeAway = false;
  for (const cell of cells) {
    const answer = await askIfThere(cell, request, { method: 'GET', url });
    if (!answer) isSomeAway = true;
    if (answer?.status !== 200) continue;
    const { organization } = JSON.parse(answer.text) as { organization: { id: string } };
    return placements.organization(parseId('org', organization.id) ?? '');
  }
  if (isSomeAway) throw cellUnavailable();
  // Its cell tells of none that is on its way.
  if (placements.hasMoving) throw organizationMoving();
  return null;
}

/** Where our API has an organization by the owner's id of it. */
export function urlByExternalId(externalId: string): string {
  return `/api/v1/organizations:external/${encodeURIComponent(externalId)}`;
}
