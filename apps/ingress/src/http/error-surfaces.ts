import type { FastifyRequest } from 'fastify';
import { OAUTH_ERROR_CODES, pathOfErrorCode, pathOfScimError } from '@rollcall/contract';
import type { OAuthErrorCode } from '@rollcall/contract';
import { toErrorBody } from '@rollcall/scim';
import { SCIM_MEDIA_TYPE } from '../scim/scim-answer';
import { adviseOn } from './advise-on';
import { findDetail } from './find-detail';
import type { ExplainedDetail } from './find-detail';
import { scimTypeOf } from './scim-type-of';
import type { Problem } from './to-problem';

/** One family of URLs and the form its errors take. The first whose `owns` matches the path wins; add a surface above the last. */
export interface Surface {
  name: string;
  owns: RegExp;
  mediaType: string;
  /** Where the documentation explains a problem. @param scimDetails the details of SCIM's errors that it has one by one */
  explainedAt(problem: Problem, scimDetails: readonly ExplainedDetail[]): string;
  render(problem: Problem, told?: Told): unknown;
  /** Whether a browser is shown a page instead. */
  hasPages?: boolean;
}

/** What an error may tell besides the problem. */
export interface Told {
  /** The name of the request; none for what is no readable request. */
  requestId?: string;
  /** The address at which the documentation explains the problem; none where there is no documentation. */
  documentationUrl?: string;
}

const API: Surface = {
  name: 'api',
  owns: /^\/+(api|(portal|dashboard)\/+api)(\/|$)/i,
  mediaType: 'application/json; charset=utf-8',
  explainedAt: ({ code }) => pathOfErrorCode(code),
  render: (problem, { requestId, documentationUrl } = {}) => {
    const { code, message, details } = problem;
    const advice = adviseOn(problem);
    return {
      error: {
        code,
        message: advice ? `${message} ${advice}` : message,
        ...(details && { details }),
        ...(requestId !== undefined && { request_id: requestId }),
        ...(documentationUrl !== undefined && { documentation_url: documentationUrl }),
      },
    };
  },
};

const SURFACES: Surface[] = [
  {
    name: 'scim',
    owns: /^\/+scim(\/|$)/i,
    mediaType: SCIM_MEDIA_TYPE,
    explainedAt: (problem, details) =>
      pathOfScimError({
        status: problem.status,
        scimType: scimTypeOf(problem),
        detailAnchor: findDetail(details, problem.message),
      }),
    render: (problem) =>
      toErrorBody({ status: problem.status, scimType: scimTypeOf(problem) ?? undefined, detail: problem.message }),
  },
  {
    name: 'oauth',
    owns: /^\/+oauth(\/|$)/i,
    mediaType: 'application/json; charset=utf-8',
    explainedAt: (problem) => pathOfErrorCode(oauthCodeOf(problem)),
    // RFC 6749 §5.2.
    render: ({ message, ...problem }) => ({
      error: oauthCodeOf(problem),
      error_description: message,
    }),
  },
  {
    name: 'workos',
    owns: /^\/+(organizations|directories|directory_users|directory_groups|events|portal\/+generate_link)(\/|$)/i,
    mediaType: 'application/json; charset=utf-8',
    explainedAt: ({ code }) => pathOfErrorCode(code),
    // What `@workos-inc/node` makes its exceptions of.
    render: ({ status, code, message, details }) => ({
      code,
      message,
      ...(status === 400 && { errors: details?.['fields'] ?? [] }),
    }),
  },
  API,
  { ...API, name: 'site', owns: /^/, hasPages: true },
];

function oauthCodeOf({ code, status }: Pick<Problem, 'code' | 'status'>): OAuthErrorCode {
  return OAUTH_ERROR_CODES.find((known) => known === code) ?? oauthError(status);
}

function oauthError(status: number): OAuthErrorCode {
  if (status === 401) return 'invalid_client';
  return status === 429 || status >= 500 ? 'temporarily_unavailable' : 'invalid_request';
}

/** The surface that a path belongs to. */
export function surfaceOfPath(path: string): Surface {
  return SURFACES.find(({ owns }) => owns.test(path)) ?? (SURFACES.at(-1) as Surface);
}

/** The surface that a request's URL belongs to. The route says it where there is one: it was found by the decoded path. */
export function surfaceOf(request: FastifyRequest): Surface {
  return surfaceOfPath((request.is404 ? undefined : request.routeOptions?.url) ?? request.url.split('?', 1)[0] ?? '/');
}
