import type { ErrorCode } from './error-codes';

/** Where the documentation is, on the server's origin. */
export const DOCUMENTATION_PATH = '/docs';

/** Where it explains a code of the management API, the token endpoint or the pages. */
export function pathOfErrorCode(code: ErrorCode): string {
  return `${DOCUMENTATION_PATH}/errors#${code}`;
}

/** Where it explains an error of SCIM: by its detail where it has that one, or else by the detail keyword, or by the status. */
export function pathOfScimError({
  status,
  scimType,
  detailAnchor,
}: {
  status: number;
  scimType: string | null;
  detailAnchor?: string | undefined;
}): string {
  return `${DOCUMENTATION_PATH}/errors/scim#${detailAnchor ?? scimType ?? `status-${status}`}`;
}
