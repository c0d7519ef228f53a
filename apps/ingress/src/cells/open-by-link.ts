import { askCell, passAnswer } from './ask-cell';
import { cellFor } from './installation';
import type { Answerer, Installation } from './installation';
import type { PortalOwners } from './find-portal-owner';

/** Opens a portal session, or sends its code, where the organization lives that the link in the body is for. */
export function openByLink(installation: Installation, owners: PortalOwners): Answerer {
  return async (request, reply) => {
    const { link_token: token } = (request.body ?? {}) as { link_token?: unknown };
    const owner = typeof token === 'string' ? await owners.ofLink(token) : null;
    const placement = owner && (await installation.placements.organization(owner.organizationId));
    passAnswer(reply, await askCell(cellFor(installation, placement), request));
  };
}
