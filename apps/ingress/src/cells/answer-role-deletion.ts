import { copyConfiguration } from '@rollcall/management';
import { askCell, passAnswer } from './ask-cell';
import { copyToAll } from './installation';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** What a cell answers that has no such role, or does not know who asks: the control cell says what is to be said. */
const NOT_ITS_OWN: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * Deletes a role that no cell uses: each of them is asked to delete its copy first, and may refuse. Whatever else keeps one from
 * deleting it keeps the role. The control cell's audit log tells of it. Throws AppError 503 when one of them is away.
 */
export function answerRoleDeletion(installation: Installation): Answerer {
  const { control, cells } = installation;
  const others = cells.filter((cell) => cell !== control);
  const restore = () =>
    Promise.allSettled(others.map((cell) => copyConfiguration(control.store, cell.store, { all: true })));
  return async (request, reply) => {
    if (cells.some(({ isReady }) => !isReady)) throw cellUnavailable();
    let isDeletedSomewhere = false;
    let isDeleted = false;
    try {
      for (const cell of others) {
        const answer = await askCell(cell, request, { addition: { isRecordedElsewhere: true } });
        if (answer.status < 300) isDeletedSomewhere = true;
        else if (!NOT_ITS_OWN.has(answer.status)) return passAnswer(reply, answer);
      }
      const answer = await askCell(control, request);
      isDeleted = answer.status < 300;
      if (isDeleted) await copyToAll(installation);
      return passAnswer(reply, answer);
    } finally {
      if (isDeletedSomewhere && !isDeleted) await restore();
    }
  };
}
