import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import {
  DirectoryProvider,
  DirectoryType,
  SecretStatus,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import type {
  DirectoryGroupSchema,
  DirectorySchema,
  DirectoryUserSchema,
  SecretSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import type { DirectoryItem } from '../management/directories/directory.dto';
import type { GroupItem, GroupSummaryItem, UserItem } from '../management/people/people.dto';
import type { SecretItem } from '../management/secrets/secret.dto';
import { toTime } from './read-input';

/** A directory of our API as a message of Scalekit's. */
export function directoryMessage(item: DirectoryItem): MessageInitShape<typeof DirectorySchema> {
  return {
    id: item.id,
    name: item.name,
    directoryType: DirectoryType.SCIM,
    organizationId: item.organization_id,
    enabled: item.enabled,
    directoryProvider: toProvider(item.directory_provider),
    lastSyncedAt: toTime(item.last_synced_at),
    directoryEndpoint: item.directory_endpoint,
    totalUsers: item.total_users,
    totalGroups: item.total_groups,
    stats: { totalUsers: item.stats.total_users, totalGroups: item.stats.total_groups },
    groupsTracked: item.groups_tracked,
    secrets: item.secrets.map(toSecret),
    roleAssignments: toAssignments(item.role_assignments.assignments),
    attributeMappings: toMappings(item.attribute_mappings.attributes),
    status: item.status,
  };
}

/** Those that Scalekit does not have are none in particular. */
function toProvider(id: string): DirectoryProvider {
  return (
    (DirectoryProvider as unknown as Record<string, DirectoryProvider | undefined>)[id] ??
    DirectoryProvider.DIRECTORY_PROVIDER_UNSPECIFIED
  );
}

/** A token of a directory, without its secret. */
export function toSecret(item: SecretItem): MessageInitShape<typeof SecretSchema> {
  return {
    id: item.id,
    directoryId: item.directory_id,
    secretSuffix: item.secret_suffix,
    status: item.status === 'ACTIVE' ? SecretStatus.ACTIVE : SecretStatus.INACTIVE,
    createTime: toTime(item.create_time),
    expireTime: toTime(item.expire_time),
    lastUsedTime: toTime(item.last_used_time),
  };
}

/** Roles of groups; a role's id is its name here. */
export function toAssignments(assignments: readonly { group_id: string; role_name: string }[]) {
  return {
    assignments: assignments.map(({ group_id, role_name }) => ({
      groupId: group_id,
      roleName: role_name,
      roleId: role_name,
    })),
  };
}

/** Attribute mappings. */
export function toMappings(attributes: readonly { key: string; map_to: string }[]) {
  return { attributes: attributes.map(({ key, map_to }) => ({ key, mapTo: map_to })) };
}

/** What a page of a list says of itself. */
export function toPageInfo(info: { total_size: number; next_page_token: string; prev_page_token: string }) {
  return { totalSize: info.total_size, nextPageToken: info.next_page_token, prevPageToken: info.prev_page_token };
}

/** A user; the detail is what its events tell. */
export function toUser(user: UserItem): MessageInitShape<typeof DirectoryUserSchema> {
  return {
    id: user.id,
    email: user.email ?? '',
    preferredUsername: user.preferred_username ?? '',
    givenName: user.given_name ?? '',
    familyName: user.family_name ?? '',
    updatedAt: toTime(user.updated_at),
    emails: user.emails.map(({ value }) => value),
    groups: user.groups.map((group) => ({ id: group.id, displayName: group.display_name ?? '' })),
    ...(user.user_detail && {
      userDetail: toStruct(Object.assign({ raw_attributes: user.raw_attributes }, user.user_detail)),
    }),
  };
}

/** A group, with its detail where the item has it. */
export function toGroup(
  group: GroupSummaryItem & Pick<GroupItem, 'group_detail' | 'raw_attributes'>,
): MessageInitShape<typeof DirectoryGroupSchema> {
  return {
    id: group.id,
    displayName: group.display_name ?? '',
    totalUsers: group.total_users,
    updatedAt: toTime(group.updated_at),
    ...(group.group_detail && {
      groupDetail: toStruct(Object.assign({ raw_attributes: group.raw_attributes }, group.group_detail)),
    }),
  };
}

function toStruct(item: object): JsonObject {
  return JSON.parse(JSON.stringify(item)) as JsonObject;
}
