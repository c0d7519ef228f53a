import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ID } from './baseline/tenant';

/**
 * How an app owner's portal looks and who may frame it; mails that wait to be sent; to whom a mailed link was sent and the code that it
 * asks for; whom an organization wants to be told of failures, and who wants no such mails.
 */
export class CreatePortalSettings1790000001160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    for (const statement of [...SETTINGS, ...MAILS, ...CONTACTS, ...LINKS]) await runner.query(statement);
    for (const table of TABLES) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY tenant ON ${table} USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of LINK_COLUMNS) await runner.query(`ALTER TABLE portal_links DROP COLUMN ${column}`);
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['portal_settings', 'portal_logos', 'mails', 'contacts', 'unsubscribed_addresses', 'contact_alerts'];

const OF_ENVIRONMENT = `REFERENCES environments (id) ON DELETE CASCADE`;

// The logo's bytes stand apart: settings are read with every page.
const SETTINGS = [
  `CREATE TABLE portal_settings (
    environment_id ${ID} PRIMARY KEY ${OF_ENVIRONMENT},
    display_name text,
    logo_url text,
    logo_id ${ID},
    accent_color text,
    support_contact text,
    allowed_origins text[] NOT NULL DEFAULT '{}',
    admin_may_map_roles boolean NOT NULL DEFAULT false,
    admin_may_map_attributes boolean NOT NULL DEFAULT false,
    update_time timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE portal_logos (
    environment_id ${ID} PRIMARY KEY ${OF_ENVIRONMENT},
    id ${ID} NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL
  )`,
  // A browser asks for a picture without saying whose it is.
  `CREATE UNIQUE INDEX portal_logos_id ON portal_logos (id)`,
];

// address_hash: to how many one address was written, whoever asked for it. sealed_message is null once it is over.
const MAILS = [
  `CREATE TABLE mails (
    environment_id ${ID} NOT NULL ${OF_ENVIRONMENT},
    id ${ID} NOT NULL,
    organization_id ${ID},
    kind text NOT NULL,
    address_hash ${ID} NOT NULL,
    sealed_message text,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_time timestamptz NOT NULL DEFAULT now(),
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    finish_time timestamptz,
    failure text,
    PRIMARY KEY (environment_id, id)
  )`,
  `CREATE INDEX mails_due ON mails (next_attempt_time) WHERE state = 'pending'`,
  `CREATE INDEX mails_address ON mails (address_hash, create_time)`,
  `CREATE INDEX mails_environment ON mails (environment_id, create_time)`,
  `CREATE INDEX mails_create_time ON mails (create_time)`,
];

const CONTACTS = [
  `CREATE TABLE contacts (
    environment_id ${ID} NOT NULL,
    id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    email text NOT NULL,
    email_key ${ID} NOT NULL,
    name text NOT NULL DEFAULT '',
    unsubscribe_time timestamptz,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, id),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE UNIQUE INDEX contacts_email ON contacts (environment_id, organization_id, email_key)`,
  `CREATE TABLE unsubscribed_addresses (
    environment_id ${ID} NOT NULL,
    organization_id ${ID} NOT NULL,
    address_hash ${ID} NOT NULL,
    unsubscribe_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, organization_id, address_hash),
    FOREIGN KEY (environment_id, organization_id) REFERENCES organizations (environment_id, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE contact_alerts (
    environment_id ${ID} NOT NULL ${OF_ENVIRONMENT},
    directory_id ${ID} NOT NULL,
    kind text NOT NULL,
    sent_time timestamptz NOT NULL DEFAULT now(),
    put_off_until timestamptz,
    PRIMARY KEY (environment_id, directory_id, kind)
  )`,
];

const LINK_COLUMNS = ['email', 'code_hash', 'code_sent_time', 'code_expire_time', 'code_attempts', 'codes_sent'];

const LINKS = [
  `ALTER TABLE portal_links
    ADD COLUMN email text,
    ADD COLUMN code_hash text,
    ADD COLUMN code_sent_time timestamptz,
    ADD COLUMN code_expire_time timestamptz,
    ADD COLUMN code_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN codes_sent integer NOT NULL DEFAULT 0`,
];
