import type { SignInRefusal, SignInTarget } from '@rollcall/management';
import { isBareId } from '@rollcall/platform';
import { NotAdmitted } from '@rollcall/scim-store';
import type { FastifyRequest } from 'fastify';
import type { Problem } from '../../http/to-problem';
import { directoryOf } from './authenticate-scim';
import { UnknownToken } from './unknown-token';

/** The directory, if one is known, that a SCIM request was for which was answered with an error; undefined for URLs of other surfaces. */
export function refusedDirectory(request: FastifyRequest, error: unknown): string | undefined {
  return error instanceof UnknownToken ? error.directoryId : directoryOf(request);
}

/** What the audit log tells of a SCIM request that was answered with an error; null unless its caller may not act. */
export function findRefusal(
  request: FastifyRequest,
  error: unknown,
  { status, code }: Problem,
): { target: SignInTarget; reason: SignInRefusal } | null {
  const id = refusedDirectory(request, error);
  if (id === undefined || !isBareId(id)) return null;
  const target: SignInTarget = { type: 'directory', id };
  if (error instanceof NotAdmitted) return { target, reason: error.state };
  if (code === 'too_many_attempts') return { target, reason: code };
  return status === 401 ? { target, reason: 'invalid_token' } : null;
}
