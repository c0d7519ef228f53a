/**
 * The header in which a page of the portal says, by id, which organization it shows: the browser's cookie may be another's by
 * then. A change is not taken without it.
 */
export const PORTAL_ORGANIZATION_HEADER = 'x-rollcall-organization';
