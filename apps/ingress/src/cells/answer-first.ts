import { askIfThere, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import type { Answerer, Installation } from './installation';
import { cellUnavailable, organizationMoving } from './refusals';

export interface FirstOptions {
  /** Answers of a cell that does not know what is asked for, or who asks. */
  unknown?: readonly number[];
  /** Is told which cell it was. */
  onAnswer?: (cell: Cell, answer: CellAnswer) => Promise<void>;
}

/** A client that is limited to an organization is known where that lives. */
const UNKNOWN = [404, 401];

/** Answers what the first cell answers that knows what the request names, and who sent it. */
export function answerFirst(
  { cells, placements }: Installation,
  { unknown = UNKNOWN, onAnswer }: FirstOptions = {},
): Answerer {
  return async (request, reply) => {
    let first: CellAnswer | undefined;
    let isSomeAway = false;
    for (const cell of cells) {
      const answer = await askIfThere(cell, request);
      if (answer && !unknown.includes(answer.status)) {
        await onAnswer?.(cell, answer);
        return passAnswer(reply, answer);
      }
      if (!answer) isSomeAway = true;
      else first ??= answer;
    }
    if (!first || (isSomeAway && first.status !== 401)) throw cellUnavailable();
    // Its cell tells of nothing that is on its way.
    if (placements.hasMoving && first.status === 404) throw organizationMoving();
    passAnswer(reply, first);
  };
}
