import { askCell, passAnswer } from './ask-cell';
import { findNamed } from './find-named';
import { cellFor } from './installation';
import type { Answerer, Installation } from './installation';

/** Has a link to a portal made where the organization lives that the body names, as WorkOS' API does. */
export function answerPortalLink(installation: Installation): Answerer {
  return async (request, reply) => {
    const { organization: id } = (request.body ?? {}) as { organization?: unknown };
    const { authorization } = request.headers;
    const placement =
      typeof id === 'string' ? await findNamed(installation, id, { of: 'workos', authorization }) : null;
    passAnswer(reply, await askCell(cellFor(installation, placement), request));
  };
}
