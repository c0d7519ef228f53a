import { findPastCells } from '@rollcall/management';
import { askCell, passAnswer } from './ask-cell';
import { cellFor, cellOf, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';

/**
 * Erases a person or a deleted organization where it lives, and in the logs of the cells where it has lived. Asked again, the same
 * erasures are answered; so whoever is answered an error has only to ask again.
 */
export function answerErasure(installation: Installation, organization: string): Answerer {
  return async (request, reply) => {
    const placement = await findOrganization(installation, organization);
    const cell = cellFor(installation, placement);
    const past = placement ? await installation.control.look((store) => findPastCells(store, placement)) : [];
    const present = await askCell(cell, request);
    // What is refused there is refused, but what only an earlier cell keeps is unknown to it.
    if (present.status >= 400 && present.status !== 404) return passAnswer(reply, present);
    let answer = present;
    for (const name of past.filter((one) => one !== cell.name)) {
      const earlier = await askCell(cellOf(installation, name), request);
      if (earlier.status === 404) continue;
      if (earlier.status >= 400) return passAnswer(reply, earlier);
      if (answer.status === 404) answer = earlier;
    }
    passAnswer(reply, answer);
  };
}
