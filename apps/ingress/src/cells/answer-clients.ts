import { answerFirst } from './answer-first';
import { askCell, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import { readTokenClaim } from './claimed-client';
import { cellFor, copyToAll, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';

/** Gives a token to a client of whichever cell: one that is limited to an organization is where that lives. */
export function answerToken(installation: Installation): Answerer {
  return answerFirst(installation, { unknown: [401], claimOf: readTokenClaim });
}

/** Shows or changes a client of whichever cell. */
export function answerClient(installation: Installation): Answerer {
  return answerFirst(installation, { unknown: [404], onAnswer: copyFrom(installation) });
}

/** Makes a client where the organization lives that it is limited to, else in the control cell. */
export function createClient(installation: Installation): Answerer {
  return async (request, reply) => {
    const { organization_id: organization } = (request.body ?? {}) as { organization_id?: unknown };
    const cell = cellFor(installation, await findOrganization(installation, organization));
    const answer = await askCell(cell, request);
    await copyFrom(installation)(cell, answer);
    passAnswer(reply, answer);
  };
}

/** Has a change of the control cell's configuration copied. */
function copyFrom(installation: Installation): (cell: Cell, answer: CellAnswer) => Promise<void> {
  return async (cell, { status }) => {
    if (cell === installation.control && status < 300) await copyToAll(installation);
  };
}
