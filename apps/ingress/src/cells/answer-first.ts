import { askIfThere, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** Answers what the first cell answers that knows what the request names. */
export function answerFirst({ cells }: Installation): Answerer {
  return async (request, reply) => {
    let unknown: CellAnswer | undefined;
    let isSomeAway = false;
    for (const cell of cells) {
      const answer = await askIfThere(cell, request);
      if (answer && answer.status !== 404) return passAnswer(reply, answer);
      if (!answer) isSomeAway = true;
      else unknown ??= answer;
    }
    if (isSomeAway || !unknown) throw cellUnavailable();
    passAnswer(reply, unknown);
  };
}
