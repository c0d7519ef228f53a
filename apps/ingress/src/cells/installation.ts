import type { Placement } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import type { Config, Logger } from '@rollcall/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpaqueTokens } from '../management/paging/page-tokens';
import type { Cell } from './cell';
import type { EnvironmentFinder } from './find-environment';
import type { Placements } from './placements';
import { cellUnavailable, organizationMoving } from './refusals';

/** What the answers of several cells are put together with. */
export interface Installation {
  config: Config;
  /** The cell that has the owner's configuration. */
  control: Cell;
  /** All of them, the control cell first. */
  cells: readonly Cell[];
  placements: Placements;
  environments: EnvironmentFinder;
  /** Of places in what several cells have. */
  tokens: OpaqueTokens;
  logger: Logger;
}

/** Answers a request itself, with what it asks the cells. */
export type Answerer = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The cell of that name. Throws for one that CELLS does not name any more. */
export function cellOf({ cells }: Pick<Installation, 'cells'>, name: string): Cell {
  const cell = cells.find((one) => one.name === name);
  if (cell) return cell;
  throw new Error(`an organization lives in the cell "${name}", which CELLS does not name`);
}

/** Where an organization lives, by the id that a request names it by; null when nobody has it. Throws AppError 503. */
export async function findOrganization(
  { placements }: Pick<Installation, 'placements'>,
  publicId: unknown,
): Promise<Placement | null> {
  const id = typeof publicId === 'string' ? parseId('org', publicId) : null;
  return id === null ? null : placements.organization(id);
}

/**
 * The cell that answers for an organization; of one that nobody has, the control cell says so in the form of its surface. Throws AppError
 * 503 while it is moved, and for a cell that takes no requests.
 */
export function cellFor(installation: Pick<Installation, 'cells' | 'control'>, placement: Placement | null): Cell {
  if (placement?.isMoving) throw organizationMoving();
  const cell = placement ? cellOf(installation, placement.cell) : installation.control;
  if (!cell.isReady) throw cellUnavailable();
  return cell;
}

/** Resolves when every cell has what was committed in the control cell before the call, or takes no requests until then. */
export async function copyToAll({ control, cells }: Pick<Installation, 'cells' | 'control'>): Promise<void> {
  await Promise.all(cells.filter((cell) => cell !== control).map((cell) => cell.takeConfiguration()));
}
