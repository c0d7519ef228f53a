/** The header in which a page of the portal says that another page shows it in a frame: its session is then one of that frame alone. */
export const PORTAL_EMBEDDED_HEADER = 'x-rollcall-embedded';

/** The parameter in a portal link that names the environment, so that the server knows who may frame the page. It opens nothing. */
export const PORTAL_EMBED_PARAMETER = 'embed';

/** What the portal tells the page that shows it in a frame, by postMessage to the origin of that page alone. */
export type PortalMessage =
  | { type: 'PORTAL_LOAD_SUCCESS'; organization_id: string }
  | { type: 'PORTAL_LOAD_FAILURE'; code: string; message: string }
  | { type: 'PORTAL_SESSION_WARNING'; expire_time: string; organization_id: string }
  | { type: 'PORTAL_SESSION_EXPIRY'; organization_id: string | null }
  | { type: 'ORGANIZATION_DIRECTORY_ENABLED'; organization_id: string; directory_id: string }
  | { type: 'ORGANIZATION_DIRECTORY_DISABLED'; organization_id: string; directory_id: string };
