import { secretStatus } from '@rollcall/directory';
import { suggestGuard } from '@rollcall/events';
import type { AttributeMapping } from '@rollcall/events';
import { publicId } from '@rollcall/platform';
import type { DirectoryView } from '@rollcall/management';
import type { DirectorySecret, RulesJob } from '@rollcall/database';
import { renderDeprovisioning, renderGuard } from '../deprovisioning/render-deprovisioning';
import type { IssuedSecretAnswer, SecretItem } from '../secrets/secret.dto';
import type { DirectoryItem, RulesJobItem } from './directory.dto';

/** A directory as the management API and the portal's API show it. */
export function renderDirectory(
  view: DirectoryView,
  { publicUrl, now }: { publicUrl: string; now: Date },
): DirectoryItem {
  const { directory } = view;
  return {
    id: publicId('dir', directory.id),
    name: directory.name,
    organization_id: publicId('org', directory.organizationId),
    directory_type: directory.directoryType,
    directory_provider: directory.directoryProvider,
    enabled: directory.enabled,
    status: view.status,
    strict: directory.strict,
    directory_endpoint: `${publicUrl}/scim/${directory.id}/v2`,
    last_synced_at: view.lastSyncedAt?.toISOString() ?? null,
    total_users: view.totalUsers,
    total_groups: view.totalGroups,
    secrets: view.secrets.map((secret) => renderSecret(secret, now)),
    role_assignments: {
      assignments: directory.roleAssignments.map(({ group_id, role_name }) => ({
        group_id: publicId('dirgroup', group_id),
        role_name,
      })),
    },
    attribute_mappings: { attributes: directory.attributeMappings.map(renderAttributeMapping) },
    rules_job: view.rulesJob && renderRulesJob(view.rulesJob),
    deprovision_guard: view.deprovisioning.guard && renderGuard(view.deprovisioning.guard),
    suggested_deprovision_guard: renderGuard(suggestGuard(view.totalUsers)),
    deprovisioning: renderDeprovisioning(view.deprovisioning),
    create_time: directory.createTime.toISOString(),
    update_time: directory.updateTime.toISOString(),
  };
}

/** How far the newest rules of a directory have been applied to its users. */
export function renderRulesJob({ state, total, done, createTime, finishTime }: RulesJob): RulesJobItem {
  return {
    state,
    total: Number(total),
    done: Number(done),
    create_time: createTime.toISOString(),
    finish_time: finishTime?.toISOString() ?? null,
  };
}

/** A mapping as it was set: what was left out then is left out here. */
export function renderAttributeMapping({ key, map_to, fallback_keys, default: otherwise }: AttributeMapping) {
  return {
    key,
    map_to,
    ...(fallback_keys && { fallback_keys: [...fallback_keys] }),
    ...(otherwise !== undefined && { default: otherwise }),
  };
}

/** A bearer token that was issued just now, with the token itself. */
export function renderIssuedSecret(
  { token, secret }: { token: string; secret: DirectorySecret },
  now: Date,
): IssuedSecretAnswer {
  return { plain_secret: token, secret: renderSecret(secret, now) };
}

/** What is known of a bearer token after it was issued. */
export function renderSecret(secret: DirectorySecret, now: Date): SecretItem {
  return {
    id: publicId('sec', secret.id),
    directory_id: publicId('dir', secret.directoryId),
    secret_suffix: secret.secretSuffix,
    name: secret.name,
    status: secretStatus(secret, now),
    create_time: secret.createTime.toISOString(),
    expire_time: secret.expireTime?.toISOString() ?? null,
    replaced_time: secret.replacedTime?.toISOString() ?? null,
    last_used_time: secret.lastUsedTime?.toISOString() ?? null,
  };
}
