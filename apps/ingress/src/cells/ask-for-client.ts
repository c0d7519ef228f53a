import type { FastifyRequest } from 'fastify';
import { askCells } from './ask-cell';
import type { CellAnswer, Question } from './ask-cell';
import type { Cell } from './cell';
import { findAdmitted } from './claimed-client';
import type { Installation } from './installation';

/** Asks cells one question each, as `askCells` does. */
export type CellAsker = (
  cells: readonly Cell[],
  questionOf: (cell: Cell) => Question,
) => Promise<Map<string, CellAnswer | null>>;

/**
 * Asks questions that read, in the name of a request. A client that is limited to an organization is known where that lives: once that
 * cell has answered it, the cells that the organization has left answer it, too.
 */
export function askForClient(installation: Installation, request: FastifyRequest): CellAsker {
  /** A cell that knows who asks. */
  let own: Cell | undefined;
  return async (cells, questionOf) => {
    const answers = await askCells(cells, request, questionOf);
    own ??= cells.find(({ name }) => ![undefined, 401].includes(answers.get(name)?.status));
    const strangers = cells.filter(({ name }) => answers.get(name)?.status === 401);
    if (!own || strangers.length === 0) return answers;
    const client = await findAdmitted(own, request);
    if (!client?.organizationId) return answers;
    const { environmentId, organizationId } = client;
    const past = await installation.placements.pastCells({ environmentId, organizationId });
    const left = strangers.filter(({ name }) => past.includes(name));
    return new Map([
      ...answers,
      ...(await askCells(left, request, (cell) => ({ ...questionOf(cell), addition: { client } }))),
    ]);
  };
}
