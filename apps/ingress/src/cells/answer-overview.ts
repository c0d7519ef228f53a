import { askCell, passAnswer } from './ask-cell';
import type { Answerer, Installation } from './installation';

/** The overview of the control cell. */
export function answerOverview({ control }: Installation): Answerer {
  return async (request, reply) => passAnswer(reply, await askCell(control, request));
}
