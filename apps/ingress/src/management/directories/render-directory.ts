import { secretStatus } from '@rollcall/directory';
import type { RefusalCount } from '@rollcall/directory';
import { suggestGuard } from '@rollcall/events';
import type { AttributeMapping } from '@rollcall/events';
import { publicId } from '@rollcall/platform';
import { healthOf, lastRequestTime } from '@rollcall/management';
import type { DirectoryView } from '@rollcall/management';
import type { DirectorySecret, RulesJob } from '@rollcall/database';
import { renderDeprovisioning, renderGuard } from '../deprovisioning/render-deprovisioning';
import { renderExternalIds } from '../organizations/render-organization';
import type { IssuedSecretAnswer, SecretItem } from '../secrets/secret.dto';
import type { DirectoryItem, RulesJobItem } from './directory.dto';
import type { HealthItem, RefusalItem, SetupItem } from './directory-health.dto';

/** A directory as the management API and the portal's API show it. */
export function renderDirectory(
  view: DirectoryView,
  { publicUrl, now }: { publicUrl: string; now: Date },
): DirectoryItem {
  const { directory } = view;
  return {
    id: publicId('dir', directory.id),
    name: directory.name,
    ...renderExternalIds(directory),
    organization_id: publicId('org', directory.organizationId),
    directory_type: directory.directoryType,
    directory_provider: directory.directoryProvider,
    enabled: directory.enabled,
    status: view.status,
    health: renderHealth(view, now),
    strict: directory.strict,
    directory_endpoint: `${publicUrl}/scim/${directory.id}/v2`,
    last_synced_at: view.lastSyncedAt?.toISOString() ?? null,
    last_request_time: lastRequestTime(view)?.toISOString() ?? null,
    total_users: view.totalUsers,
    inactive_users: view.inactiveUsers,
    total_groups: view.totalGroups,
    stats: { total_users: view.totalUsers, total_groups: view.totalGroups },
    groups_tracked: 'ALL',
    setup: renderSetup(view),
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
    epoch: view.epoch,
    create_time: directory.createTime.toISOString(),
    update_time: directory.updateTime.toISOString(),
  };
}

/** How a directory is doing. */
function renderHealth(view: DirectoryView, now: Date): HealthItem {
  const { state, reason, since, expireTime, refused, attention } = healthOf(view, now);
  return {
    state,
    reason,
    since: since.toISOString(),
    expire_time: expireTime?.toISOString() ?? null,
    refused: refused && renderRefusal(refused),
    attention: attention.map(renderRefusal),
  };
}

function renderRefusal({ reason, status, scimType, count, firstTime, lastTime }: RefusalCount): RefusalItem {
  return {
    reason,
    status,
    scim_type: scimType,
    count,
    first_time: firstTime.toISOString(),
    last_time: lastTime.toISOString(),
  };
}

function renderSetup({ directory, traffic: { progress } }: DirectoryView): SetupItem {
  return {
    first_request_time: directory.firstRequestTime?.toISOString() ?? null,
    first_user_time: progress.userTime?.toISOString() ?? null,
    first_group_time: progress.groupTime?.toISOString() ?? null,
    first_member_time: progress.memberTime?.toISOString() ?? null,
    first_role_time: progress.roleTime?.toISOString() ?? null,
    first_deactivation_time: progress.deactivationTime?.toISOString() ?? null,
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
    retire_when_seen: secret.retiredBy !== null,
    last_used_time: secret.lastUsedTime?.toISOString() ?? null,
  };
}
