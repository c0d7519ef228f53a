import type { Config, Logger } from '@rollcall/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpaqueTokens } from '../management/paging/page-tokens';
import type { Cell } from './cell';
import type { Placements } from './placements';

/** What the answers of several cells are put together with. */
export interface Installation {
  config: Config;
  /** The cell that has the owner's configuration. */
  control: Cell;
  /** All of them, the control cell first. */
  cells: readonly Cell[];
  placements: Placements;
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
