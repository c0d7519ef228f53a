import type { FastifyRequest } from 'fastify';
import type { Placement } from '@rollcall/management';
import { askKnowing, passAnswer } from './ask-cell';
import { findByExternalId, findNamed, urlByExternalId } from './find-named';
import { cellFor } from './installation';
import type { Answerer, Installation } from './installation';

/** Answers a call that is about one organization. */
export function answerCall(installation: Installation): Answerer {
  return async (request, reply) => {
    const cell = cellFor(installation, await findCalled(installation, request));
    passAnswer(reply, await askKnowing(installation, cell, request));
  };
}

/** Where the organization lives that a call names; null when nobody has it. Throws AppError 503. */
export async function findCalled(installation: Installation, request: FastifyRequest): Promise<Placement | null> {
  const { identities } = request.body as { identities?: { case?: string; value?: string } };
  if (identities?.case === 'externalId') {
    return findByExternalId(installation, request, urlByExternalId(identities.value ?? ''));
  }
  const { organization_id: named } = request.params as { organization_id?: string };
  const id = identities?.value ?? named ?? '';
  return findNamed(installation, id, { of: 'scalekit', authorization: request.headers.authorization });
}
