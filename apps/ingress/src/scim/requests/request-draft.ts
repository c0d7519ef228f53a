import type { FastifyRequest } from 'fastify';
import type { AdmittedCalls } from '@rollcall/scim-store';
import { scimTypeOf } from '../../http/scim-type-of';
import type { Problem } from '../../http/to-problem';
import { BODY_MAX, omittedBody, redactBody, userNameKeyOf } from './redact-body';

/** What the request log will say of a request, gathered while it is carried out. */
export interface RequestDraft {
  caller: Pick<AdmittedCalls, 'directoryId' | 'secretId' | 'requestId' | 'hasChanged'>;
  /** Whether bodies are kept whole but for secrets. */
  whole: boolean;
  body: string | null;
  userNameKey: string | null;
  answer: Answer | null;
  location: string | null;
  problem: Pick<Problem, 'message'> & { scimType: string | null };
  /** What went wrong while this was gathered: the request goes on, and has no entry. */
  failure: { error: unknown } | null;
}

/** The body of an answer until the log is written. */
export interface Answer {
  /** As it was sent, to be redacted; null: too long, or not kept. */
  body: string | null;
  bytes: number;
  /** What is kept instead. */
  logged: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a SCIM request whose token was verified. */
    scimDraft: RequestDraft | null;
  }
}

/** Begins to gather what is told of a request. */
export function beginDraft(
  request: Pick<FastifyRequest, 'scimDraft'>,
  caller: RequestDraft['caller'],
  whole: boolean,
): void {
  request.scimDraft = {
    caller,
    whole,
    body: null,
    userNameKey: null,
    answer: null,
    location: null,
    problem: { message: '', scimType: null },
    failure: null,
  };
}

/** Takes in the body while it is there: what is redacted of it is made at once, so that a large one is not held for longer. */
export function noteBody(request: Pick<FastifyRequest, 'scimDraft' | 'bodyLength'>, body: unknown): void {
  const { bodyLength } = request;
  if (body === undefined) return;
  note(request, (draft) => {
    const isKept = bodyLength <= BODY_MAX;
    draft.body = isKept ? redactBody(body, draft.whole, bodyLength) : omittedBody(bodyLength);
    if (isKept) draft.userNameKey = userNameKeyOf(body);
  });
}

/** Takes in what is answered. */
export function noteAnswer(
  { request }: { request: Pick<FastifyRequest, 'scimDraft'> },
  { body, location, logged }: { body?: unknown; location?: string; logged?: string },
): void {
  note(request, (draft) => {
    draft.location = location ?? null;
    const isKept = typeof body === 'string' && (logged === undefined || draft.whole);
    if (!isKept && logged === undefined) return;
    const bytes = isKept ? Buffer.byteLength(body) : 0;
    draft.answer = { body: isKept && bytes <= BODY_MAX ? body : null, bytes, logged: logged ?? null };
  });
}

/** Takes in with which problem the request is refused. */
export function noteProblem(request: FastifyRequest, problem: Problem): void {
  note(request, (draft) => {
    draft.problem = { message: problem.message, scimType: scimTypeOf(problem) };
  });
}

/** Nothing that is gathered for the log may break the request that it is about. */
function note({ scimDraft: draft }: Pick<FastifyRequest, 'scimDraft'>, add: (draft: RequestDraft) => void): void {
  if (!draft) return;
  try {
    add(draft);
  } catch (error) {
    draft.failure = { error };
  }
}
