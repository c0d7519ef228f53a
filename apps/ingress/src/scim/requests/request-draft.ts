import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdmittedCalls } from '@rollcall/scim-store';
import { scimTypeOf } from '../../http/scim-type-of';
import type { Problem } from '../../http/to-problem';
import { BODY_MAX, omittedBody, redactBody, userNameKeyOf } from './redact-body';

/** What the request log will say of a request, gathered while it is carried out. */
export interface RequestDraft {
  caller: AdmittedCalls;
  /** Whether bodies are kept whole but for secrets. */
  whole: boolean;
  body: string | null;
  userNameKey: string | null;
  /** The answer's body as it was sent, to be redacted later; a number: how long it was, and not kept. */
  answer: string | number | null;
  location: string | null;
  problem: Pick<Problem, 'message'> & { scimType: string | null };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a SCIM request whose token was verified. */
    scimDraft: RequestDraft | null;
  }
}

/** Begins to gather what is told of a request. */
export function beginDraft(request: FastifyRequest, caller: AdmittedCalls, whole: boolean): void {
  request.scimDraft = {
    caller,
    whole,
    body: null,
    userNameKey: null,
    answer: null,
    location: null,
    problem: { message: '', scimType: null },
  };
}

/** Takes in the body while it is there: what is redacted of it is made at once, so that a large one is not held for longer. */
export function noteBody({ scimDraft: draft, bodyLength }: FastifyRequest, body: unknown): void {
  if (!draft || body === undefined) return;
  draft.body = bodyLength > BODY_MAX ? omittedBody(bodyLength) : redactBody(body, draft.whole);
  if (bodyLength <= BODY_MAX) draft.userNameKey = userNameKeyOf(body);
}

/** Takes in what is answered. */
export function noteAnswer({ request }: FastifyReply, { body, location }: { body?: unknown; location?: string }): void {
  const draft = request.scimDraft;
  if (!draft) return;
  draft.location = location ?? null;
  if (typeof body === 'string') draft.answer = body.length <= BODY_MAX ? body : body.length;
}

/** Takes in with which problem the request is refused. */
export function noteProblem({ scimDraft: draft }: FastifyRequest, problem: Problem): void {
  if (draft) draft.problem = { message: problem.message, scimType: scimTypeOf(problem) };
}
