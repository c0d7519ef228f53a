import type { DataSource, EntityManager } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { callFunction, notFound, poolOf, runStatement, tenantTransaction } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { AppError, publicId } from '@rollcall/platform';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';

/** How the members of an environment sign in through an identity provider (OpenID Connect). */
export interface SingleSignOn {
  /** Bare. */
  environmentId: string;
  /** What the button is called. */
  name: string;
  issuer: string;
  clientId: string;
  sealedClientSecret: string;
  /** Lower case. Whoever has no verified address in one of these stays outside. */
  allowedDomains: string[];
  /** Of whoever comes for the first time; null: nobody joins without an invitation. */
  defaultRole: MemberRole | null;
  /** Nobody signs in to the environment otherwise, but for owners who do so with a second factor. */
  required: boolean;
  updateTime: Date;
}

export type SingleSignOnSettings = Omit<SingleSignOn, 'environmentId' | 'sealedClientSecret' | 'updateTime'>;

const COLUMNS = `environment_id AS "environmentId", name, issuer, client_id AS "clientId",
  sealed_client_secret AS "sealedClientSecret", allowed_domains AS "allowedDomains", default_role AS "defaultRole", required,
  update_time AS "updateTime"`;

/** The settings of the one environment whose members may sign in so; null when there are none, or several. */
export async function findOnlySingleSignOn(dataSource: DataSource): Promise<SingleSignOn | null> {
  const found = await callFunction<{ environment_id: string }>(poolOf(dataSource), 'list_single_sign_on', []);
  const [only] = found;
  return only && found.length === 1 ? findSingleSignOn(dataSource, only.environment_id) : null;
}

/** The settings of an environment; null when there are none. */
export async function findSingleSignOn(dataSource: DataSource, environmentId: string): Promise<SingleSignOn | null> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const { rows } = await runStatement<SingleSignOn>(
      manager,
      `SELECT ${COLUMNS} FROM single_sign_on WHERE environment_id = $1`,
      [environmentId],
    );
    return rows[0] ?? null;
  });
}

/**
 * Stores the settings of an environment. Throws AppError `single_sign_on_not_found` when the secret is to stay and there is none,
 * `client_secret_required` when it would be sent to another issuer or be of another client, and `second_factor_absent` when single sign-on is to be required and no owner could get in otherwise.
 * @param sealedClientSecret undefined: the one that is stored stays
 */
export async function setSingleSignOn(
  writer: Writer,
  environmentId: string,
  { settings, sealedClientSecret }: { settings: SingleSignOnSettings; sealedClientSecret?: string },
): Promise<SingleSignOn> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const found = await runStatement<SingleSignOn>(
      manager,
      `SELECT ${COLUMNS} FROM single_sign_on WHERE environment_id = $1 FOR UPDATE`,
      [environmentId],
    );
    const [before] = found.rows;
    if (settings.required) await refuseLockout(manager, environmentId);
    const secret = sealedClientSecret ?? before?.sealedClientSecret;
    if (secret === undefined) throw notFound('single_sign_on');
    if (before && sealedClientSecret === undefined) refuseOtherServer(before, settings);
    const { rows } = await runStatement<SingleSignOn>(
      manager,
      `INSERT INTO single_sign_on (environment_id, name, issuer, client_id, sealed_client_secret, allowed_domains, default_role,
         required)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (environment_id) DO UPDATE SET name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id,
         sealed_client_secret = excluded.sealed_client_secret, allowed_domains = excluded.allowed_domains,
         default_role = excluded.default_role, required = excluded.required, update_time = now()
       RETURNING ${COLUMNS}`,
      [
        environmentId,
        settings.name,
        settings.issuer,
        settings.clientId,
        secret,
        settings.allowedDomains,
        settings.defaultRole,
        settings.required,
      ],
    );
    const stored = rows[0] as SingleSignOn;
    const changes = {
      ...findChanges(before ? fieldsOf(before) : {}, fieldsOf(stored)),
      ...(sealedClientSecret !== undefined && { client_secret: { from: null, to: 'set' } }),
    };
    return { answer: stored, entries: [{ action: 'single_sign_on.updated', ...aboutSingleSignOn(stored), changes }] };
  });
}

/** Removes the settings, who was known by them, and ends the sessions that they opened. Throws AppError `single_sign_on_not_found`. */
export async function removeSingleSignOn(writer: Writer, environmentId: string): Promise<void> {
  await recordChange(writer, { environmentId }, async (manager) => {
    const { rows } = await runStatement<SingleSignOn>(
      manager,
      `DELETE FROM single_sign_on WHERE environment_id = $1 RETURNING ${COLUMNS}`,
      [environmentId],
    );
    if (!rows[0]) throw notFound('single_sign_on');
    await runStatement(manager, 'DELETE FROM member_identities WHERE environment_id = $1', [environmentId]);
    await runStatement(manager, 'SELECT end_sessions_of_environment($1)', [environmentId]);
    const changes = findChanges(fieldsOf(rows[0]), {});
    return {
      answer: undefined,
      entries: [{ action: 'single_sign_on.removed', ...aboutSingleSignOn(rows[0]), changes }],
    };
  });
}

/** The secret is sent to the issuer: whoever may name another one must not get to know it so. */
function refuseOtherServer(
  before: Pick<SingleSignOn, 'issuer' | 'clientId'>,
  { issuer, clientId }: Pick<SingleSignOn, 'issuer' | 'clientId'>,
): void {
  if (issuer === before.issuer && clientId === before.clientId) return;
  throw new AppError({
    kind: 'refused',
    code: 'client_secret_required',
    message: 'Enter the client secret: the stored one stays with its issuer and its client ID.',
  });
}

/** An identity provider fails, or is set up wrong: somebody has to get in then, who can switch it off. */
async function refuseLockout(manager: EntityManager, environmentId: string): Promise<void> {
  const { rows } = await runStatement(
    manager,
    `SELECT 1 FROM member_roles r JOIN members m ON m.id = r.member_id
     WHERE r.environment_id = $1 AND r.role = 'owner' AND m.has_second_factor LIMIT 1`,
    [environmentId],
  );
  if (rows.length > 0) return;
  throw new AppError({
    kind: 'refused',
    code: 'second_factor_absent',
    message:
      'Nobody could get in if the identity provider failed: an owner with a second factor still can. Add one to your account before single sign-on is required.',
  });
}

function fieldsOf(settings: SingleSignOnSettings) {
  return {
    name: settings.name,
    issuer: settings.issuer,
    client_id: settings.clientId,
    allowed_domains: settings.allowedDomains,
    default_role: settings.defaultRole,
    required: settings.required,
  };
}

function aboutSingleSignOn({
  environmentId,
  name,
}: Pick<SingleSignOn, 'environmentId' | 'name'>): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'single_sign_on', id: publicId('env', environmentId), name }, organizationId: null };
}
