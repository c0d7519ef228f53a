import { askForClient } from './ask-for-client';
import { askIfThere, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import { requireFinal } from './claimed-client';
import type { ClaimReader } from './claimed-client';
import type { Answerer, Installation } from './installation';
import { cellUnavailable, organizationMoving } from './refusals';

export interface FirstOptions {
  /** Answers of a cell that does not know what is asked for, or who asks. */
  unknown?: readonly number[];
  /** Finds out who asks. */
  claimOf?: ClaimReader;
  /** Is told which cell it was. */
  onAnswer?: (cell: Cell, answer: CellAnswer) => Promise<void>;
}

/** A client that is limited to an organization is known where that lives. */
const UNKNOWN = [404, 401];

/** Answers what the first cell answers that knows what the request names, and who sent it. */
export function answerFirst(
  installation: Installation,
  { unknown = UNKNOWN, claimOf, onAnswer }: FirstOptions = {},
): Answerer {
  const { cells, placements } = installation;
  return async (request, reply) => {
    let first: CellAnswer | undefined;
    const answers = new Map<string, CellAnswer | null>();
    for (const cell of cells) {
      const answer = await askIfThere(cell, request);
      if (answer && !unknown.includes(answer.status)) {
        await onAnswer?.(cell, answer);
        return passAnswer(reply, answer);
      }
      answers.set(cell.name, answer);
      // Who does not know who asks does not know what there is.
      if (answer && (!first || first.status === 401)) first = answer;
    }
    if (!first) throw cellUnavailable();
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && first.status === 404 && [...answers.values()].some((answer) => answer?.status === 401)) {
      // It may be of before the move of the organization that the client is for.
      const again = await askForClient(installation, request)(cells, () => ({}));
      const found = [...again.values()].find((answer) => answer?.status === 200);
      if (found) return passAnswer(reply, found);
    }
    await requireFinal(installation, request, { refusal: first, answers, claimOf });
    // Its cell tells of nothing that is on its way.
    if (placements.hasMoving && first.status === 404) throw organizationMoving();
    passAnswer(reply, first);
  };
}
