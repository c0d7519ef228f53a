import type {
  DirectoryData,
  GroupData,
  GroupReference,
  MemberReference,
  ProviderId,
  UserData,
} from '@rollcall/contract';
import { timeOfId } from '@rollcall/platform';
import { knownAs } from './known-as';

/** What WorkOS calls the providers (`DirectoryType` of `@workos-inc/node`). */
const TYPES: Readonly<Record<ProviderId, string>> = {
  OKTA: 'okta scim v2.0',
  MICROSOFT_AD: 'azure scim v2.0',
  ONELOGIN: 'onelogin scim v2.0',
  JUMPCLOUD: 'jump cloud scim v2.0',
  PING_IDENTITY: 'pingfederate scim v2.0',
  RIPPLING: 'rippling scim v2.0',
  CUSTOM: 'generic scim v2.0',
};

/** The type of a directory; that of any SCIM where WorkOS has none for the provider. */
export function workosDirectoryType(provider: string): string {
  return TYPES[provider as ProviderId] ?? TYPES.CUSTOM;
}

/** A directory as an event carries it (`EventDirectoryResponse`, where a deleted one has neither key nor domains). */
export function toWorkosDirectory(directory: DirectoryData) {
  return {
    object: 'directory',
    id: knownAs('workos', directory),
    external_key: keyOf(directory.id),
    type: workosDirectoryType(directory.directory_provider),
    state: directory.enabled ? 'active' : 'inactive',
    name: directory.name,
    organization_id: directory.organization_id,
    domains: [],
    created_at: createdAt(directory.id),
    updated_at: directory.updated_at,
  };
}

/** A user (`DirectoryUserResponse`): what WorkOS has no field of its own for is in `custom_attributes`, under its names. */
export function toWorkosUser(user: Omit<UserData, 'raw_attributes'>, updatedAt: string) {
  const roles = user.roles.map(({ role_name: slug }) => ({ slug }));
  const [role] = roles;
  return {
    object: 'directory_user',
    id: knownAs('workos', user),
    directory_id: user.directory_id,
    organization_id: user.organization_id,
    idp_id: user.dp_id ?? keyOf(user.id),
    email: user.email,
    first_name: user.given_name,
    last_name: user.family_name,
    state: user.active ? 'active' : 'inactive',
    ...(role && { role, roles }),
    custom_attributes: {
      username: user.preferred_username,
      emails: user.emails,
      job_title: user.title,
      department_name: user.department,
      division_name: user.division,
      cost_center_name: user.cost_center,
      employee_type: user.user_type,
      addresses: user.address === null ? [] : [toWorkosAddress(user.address)],
      ...user.custom_attributes,
    },
    raw_attributes: {},
    created_at: createdAt(user.id),
    updated_at: updatedAt,
  };
}

function toWorkosAddress(address: NonNullable<UserData['address']>) {
  const { formatted, street_address, locality, region, postal_code, country } = address;
  return { raw_address: formatted, street_address, locality, region, postal_code, country };
}

/**
 * A user of whom an event tells only that a group has it. What the event does not say is absent, not null: who keeps users must
 * not empty the fields that another event has filled.
 */
export function toWorkosMember(member: MemberReference, group: GroupData, updatedAt: string) {
  return {
    object: 'directory_user',
    id: knownAs('workos', member),
    directory_id: group.directory_id,
    organization_id: group.organization_id,
    idp_id: member.dp_id ?? keyOf(member.id),
    email: member.email,
    created_at: createdAt(member.id),
    updated_at: updatedAt,
  };
}

/** A group (`DirectoryGroupResponse`). */
export function toWorkosGroup(group: Omit<GroupData, 'raw_attributes'>, updatedAt: string) {
  return {
    object: 'directory_group',
    id: knownAs('workos', group),
    idp_id: group.dp_id ?? keyOf(group.id),
    directory_id: group.directory_id,
    organization_id: group.organization_id,
    name: group.display_name ?? '',
    created_at: createdAt(group.id),
    updated_at: updatedAt,
    raw_attributes: {},
  };
}

/** A group of which an event of a user tells only the id and the name; the rest is absent likewise. */
export function toWorkosGroupReference(group: GroupReference, directoryId: string) {
  return {
    object: 'directory_group',
    id: knownAs('workos', group),
    directory_id: directoryId,
    name: group.name ?? '',
    created_at: createdAt(group.id),
  };
}

/** The id without its prefix: a key that is there where the identity provider has sent none. */
function keyOf(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

/** An id tells when it was made. */
function createdAt(id: string): string {
  return timeOfId(keyOf(id)).toISOString();
}
