import { copyConfiguration } from '@rollcall/management';
import { askCell, passAnswer } from './ask-cell';
import type { Answerer, Installation } from './installation';

/** Deletes a role that no cell uses: each of them is asked to delete its copy first, and may refuse. */
export function answerRoleDeletion({ control, cells }: Installation): Answerer {
  const others = cells.filter((cell) => cell !== control);
  const restore = () => Promise.all(others.map((cell) => copyConfiguration(control.store, cell.store, { all: true })));
  return async (request, reply) => {
    let isDeleted = false;
    for (const cell of others) {
      const answer = await askCell(cell, request);
      if (answer.status < 300) isDeleted = true;
      if (answer.status !== 409) continue;
      if (isDeleted) await restore();
      return passAnswer(reply, answer);
    }
    const answer = await askCell(control, request);
    if (answer.status < 300) await Promise.all(others.map((cell) => cell.takeConfiguration()));
    else if (isDeleted) await restore();
    passAnswer(reply, answer);
  };
}
