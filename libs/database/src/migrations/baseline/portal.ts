import { BY_ENVIRONMENT, ID } from './tenant';

/** Links that the app owner gives to an organization's admin, and the sessions that they open. */
export const PORTAL_TABLES = [
  `CREATE TABLE portal_links (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    token_hash ${ID} NOT NULL,
    features text[] NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    consumed_time timestamptz,
    revoked_time timestamptz,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX portal_links_organization ON portal_links (environment_id, organization_id)`,
  `CREATE UNIQUE INDEX portal_links_token_hash ON portal_links (token_hash)`,
  `CREATE TABLE portal_sessions (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    link_id ${ID} NOT NULL,
    token_hash ${ID} NOT NULL,
    features text[] NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX portal_sessions_organization ON portal_sessions (environment_id, organization_id)`,
  `CREATE UNIQUE INDEX portal_sessions_token_hash ON portal_sessions (token_hash)`,
];

/** Which rows of a table belong to the tenant that is set. */
export const PORTAL_POLICIES: Record<string, string> = {
  portal_links: BY_ENVIRONMENT,
  portal_sessions: BY_ENVIRONMENT,
};
