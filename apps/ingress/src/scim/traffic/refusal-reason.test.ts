import { NotAdmitted } from '@rollcall/scim-store';
import { expect, it } from 'vitest';
import type { Problem } from '../../http/to-problem';
import { refusalReason } from './refusal-reason';

const problem = (status: number, code: Problem['code'] = 'invalid_request') => ({ status, code });

it.each([
  [new NotAdmitted('unknown'), problem(401), 'invalid_token'],
  [new NotAdmitted('revoked'), problem(401), 'revoked'],
  [new NotAdmitted('expired'), problem(401), 'expired'],
  [new NotAdmitted('disabled'), problem(403), 'disabled'],
  [new NotAdmitted('feature_off'), problem(403), 'feature_off'],
  [new Error(), problem(401), 'invalid_token'],
  [new Error(), problem(429, 'too_many_attempts'), 'too_many_attempts'],
  [new Error(), problem(429, 'rate_limited'), 'rate_limited'],
  [new Error(), problem(409), 'conflict'],
  [new Error(), problem(400), 'invalid_request'],
  [new Error(), problem(413), 'invalid_request'],
  [new Error(), problem(404), null],
  [new Error(), problem(412), null],
  [new Error(), problem(500), null],
  [new Error(), problem(503), null],
] as const)('of %s with %j is %s', (error, found, reason) => {
  expect(refusalReason(error, found)).toBe(reason);
});
