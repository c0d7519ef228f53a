import type { ErrorCode } from './error-codes';

/** Where the documentation is, on the server's origin. */
export const DOCUMENTATION_PATH = '/docs';

/** Where it explains a code of the management API, the token endpoint or the pages. */
export function pathOfErrorCode(code: ErrorCode): string {
  return `${DOCUMENTATION_PATH}/errors#${code}`;
}

/** Where it explains an error of SCIM: by its detail keyword, or else by its status. */
export function pathOfScimError({ status, scimType }: { status: number; scimType: string | null }): string {
  return `${DOCUMENTATION_PATH}/errors/scim#${scimType ?? `status-${status}`}`;
}
