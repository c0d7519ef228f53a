import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_ENVIRONMENT, ENVIRONMENT, ID } from './baseline/tenant';

/** The member of the transaction; null when none is set. */
const MEMBER = `nullif(current_setting('rollcall.member_id', true), '')`;
const BY_MEMBER = `member_id = ${MEMBER}`;

/**
 * The people who sign in to the dashboard. A member belongs to the installation and has a role in each of its environments. What
 * proves a member is seen by that member alone (rollcall.member_id); an environment sees who its members are, and no more.
 */
export class CreateMembers1790000001130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE installation ADD COLUMN setup_token_hash text');
    for (const statement of TABLES) await runner.query(statement);
    for (const [table, policies] of Object.entries(POLICIES)) {
      await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      for (const policy of policies) await runner.query(`CREATE POLICY ${policy}`);
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO rollcall_app`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(POLICIES).toReversed()) await runner.query(`DROP TABLE ${table} CASCADE`);
    await runner.query('ALTER TABLE installation DROP COLUMN setup_token_hash');
  }
}

const TABLES = [
  // email_key: the address folded by case, because people write their own in any case. Null: an identity provider alone vouches for
  // the address, which must not keep its holder from having an account.
  `CREATE TABLE members (
    id ${ID} PRIMARY KEY,
    email text NOT NULL,
    email_key ${ID},
    name text NOT NULL,
    has_second_factor boolean NOT NULL DEFAULT false,
    create_time timestamptz NOT NULL DEFAULT now(),
    last_seen_time timestamptz
  )`,
  `CREATE UNIQUE INDEX members_email_key ON members (email_key)`,
  // password_version rises with each password. A code of the authenticator app is good once: totp_last_step is that of the last.
  `CREATE TABLE member_credentials (
    member_id ${ID} PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    password_hash text,
    password_version integer NOT NULL DEFAULT 1,
    sealed_totp_secret text,
    totp_confirmed_time timestamptz,
    totp_last_step bigint NOT NULL DEFAULT 0
  )`,
  `CREATE TABLE member_roles (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, member_id)
  )`,
  `CREATE INDEX member_roles_member ON member_roles (member_id)`,
  // Without an address it is for whoever has the link: a command on the server made it.
  `CREATE TABLE member_invitations (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    email text,
    email_key ${ID},
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    token_hash ${ID} NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    expire_time timestamptz NOT NULL,
    accepted_time timestamptz,
    PRIMARY KEY (environment_id, id)
  )`,
  `CREATE UNIQUE INDEX member_invitations_token_hash ON member_invitations (token_hash)`,
  // expire_time moves with each use, up to end_by. environment_id: the one environment that it is for; null: all of the member's.
  // second_factor: the sign-in took more than a password; one that was added since does not count.
  // A session that was ended stays for a while, because it tells from which addresses its member signs in.
  `CREATE TABLE member_sessions (
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    environment_id ${ID} REFERENCES environments (id) ON DELETE CASCADE,
    token_hash ${ID} NOT NULL,
    method text NOT NULL,
    second_factor boolean NOT NULL,
    ip_address text,
    address_block text,
    user_agent text,
    create_time timestamptz NOT NULL DEFAULT now(),
    last_seen_time timestamptz NOT NULL DEFAULT now(),
    confirmed_time timestamptz,
    expire_time timestamptz NOT NULL,
    end_by timestamptz NOT NULL,
    end_time timestamptz,
    PRIMARY KEY (member_id, id)
  )`,
  `CREATE UNIQUE INDEX member_sessions_token_hash ON member_sessions (token_hash)`,
  `CREATE INDEX member_sessions_environment ON member_sessions (environment_id)`,
  // The password was right, the second factor is missing.
  `CREATE TABLE pending_sign_ins (
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    token_hash ${ID} NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    expire_time timestamptz NOT NULL,
    PRIMARY KEY (member_id, id)
  )`,
  `CREATE UNIQUE INDEX pending_sign_ins_token_hash ON pending_sign_ins (token_hash)`,
  `CREATE TABLE member_recovery_codes (
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    code_hash ${ID} NOT NULL,
    used_time timestamptz,
    PRIMARY KEY (member_id, code_hash)
  )`,
  // challenged_at: milliseconds at which the last challenge that it answered was made; an earlier one is not taken any more.
  `CREATE TABLE member_passkeys (
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    id ${ID} NOT NULL,
    credential_id ${ID} NOT NULL,
    public_key text NOT NULL,
    counter bigint NOT NULL,
    transports text[] NOT NULL,
    name text NOT NULL,
    challenged_at bigint NOT NULL DEFAULT 0,
    create_time timestamptz NOT NULL DEFAULT now(),
    last_used_time timestamptz,
    PRIMARY KEY (member_id, id)
  )`,
  `CREATE UNIQUE INDEX member_passkeys_credential_id ON member_passkeys (credential_id)`,
  `CREATE TABLE single_sign_on (
    environment_id ${ID} PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
    name text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    sealed_client_secret text NOT NULL,
    allowed_domains text[] NOT NULL,
    default_role text CHECK (default_role IN ('owner', 'admin', 'viewer')),
    required boolean NOT NULL DEFAULT false,
    create_time timestamptz NOT NULL DEFAULT now(),
    update_time timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE member_identities (
    environment_id ${ID} NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    issuer ${ID} NOT NULL,
    subject ${ID} NOT NULL,
    member_id ${ID} NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (environment_id, issuer, subject)
  )`,
  `CREATE INDEX member_identities_member ON member_identities (member_id)`,
];

const ofMember = (table: string) => [`tenant ON ${table} USING (${BY_MEMBER}) WITH CHECK (${BY_MEMBER})`];
const ofEnvironment = (table: string) => [
  `tenant ON ${table} USING (${BY_ENVIRONMENT}) WITH CHECK (${BY_ENVIRONMENT})`,
];

/** By table: who sees and writes its rows. A member reads its own roles and gives itself none. */
const POLICIES: Record<string, string[]> = {
  members: [
    `tenant ON members USING (id = ${MEMBER}) WITH CHECK (id = ${MEMBER})`,
    `colleagues ON members FOR SELECT USING (EXISTS (
       SELECT 1 FROM member_roles r WHERE r.environment_id = ${ENVIRONMENT} AND r.member_id = members.id))`,
  ],
  member_credentials: ofMember('member_credentials'),
  member_roles: [...ofEnvironment('member_roles'), `own ON member_roles FOR SELECT USING (${BY_MEMBER})`],
  member_invitations: ofEnvironment('member_invitations'),
  member_sessions: ofMember('member_sessions'),
  pending_sign_ins: ofMember('pending_sign_ins'),
  member_recovery_codes: ofMember('member_recovery_codes'),
  member_passkeys: ofMember('member_passkeys'),
  single_sign_on: ofEnvironment('single_sign_on'),
  member_identities: ofEnvironment('member_identities'),
};
