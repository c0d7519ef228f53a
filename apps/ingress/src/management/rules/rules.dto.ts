import { ApiProperty, PickType } from '@nestjs/swagger';
import { BOUNDS } from '@rollcall/directory';
import { isAttributePath } from '@rollcall/events';
import { AttributeMapping, RoleAssignment, RulesJobItem } from '../directories/directory.dto';
import { BooleanParameter, field, IdParameter, ObjectListField, TextField } from '../input/fields';
import type { FieldOptions } from '../input/fields';
import { UserItem } from '../people/people.dto';
import { RoleItem } from '../roles/role.dto';
import { RoleNameField } from '../roles/role-name';

const FALLBACKS_MAX = 10;

const PATH_EXAMPLES = 'such as title, name.givenName or emails[type eq "work"].value';

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.length <= BOUNDS.attributePath && isAttributePath(value);
}

function AttributePathField(options: FieldOptions) {
  return field({
    ...options,
    must: `must be a SCIM attribute path, ${PATH_EXAMPLES}`,
    schema: { type: String, maxLength: BOUNDS.attributePath },
    isValid: isPath,
  });
}

function AttributePathListField(options: FieldOptions) {
  return field({
    ...options,
    must: `must be a list of at most ${FALLBACKS_MAX} SCIM attribute paths, ${PATH_EXAMPLES}`,
    schema: { type: String, isArray: true, maxItems: FALLBACKS_MAX },
    isValid: (value) => Array.isArray(value) && value.length <= FALLBACKS_MAX && value.every(isPath),
  });
}

function ScalarField(options: FieldOptions) {
  return field({
    ...options,
    must: 'must be a text of at most 500 characters, a number, true or false',
    schema: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
    isValid: (value) =>
      typeof value === 'number' ||
      typeof value === 'boolean' ||
      (typeof value === 'string' && value.length <= 500 && !value.includes('\0')),
  });
}

class RoleAssignmentInput {
  @IdParameter({ required: true, prefix: 'dirgroup', description: 'A group of the directory.' })
  group_id: string;

  @RoleNameField({ required: true, description: 'A role of your application.' })
  role_name: string;
}

export class AssignRolesBody {
  @ObjectListField({
    required: true,
    type: () => RoleAssignmentInput,
    max: BOUNDS.roleAssignments,
    description: 'All assignments of the directory, in order of precedence; they take the place of the present ones.',
  })
  assignments: RoleAssignmentInput[];
}

class AttributeMappingInput {
  @AttributePathField({ required: true, description: 'SCIM attribute path.' })
  key: string;

  // As a key of an object these reach its prototype, in every careless receiver too.
  @TextField({
    required: true,
    max: BOUNDS.customAttributeName,
    butNot: ['__proto__', 'constructor', 'prototype'],
    description: 'Name in `custom_attributes`.',
  })
  map_to: string;

  @AttributePathListField({ description: 'Paths that are read, in order, where `key` leads to nothing.' })
  fallback_keys?: string[];

  @ScalarField({ nullable: true, description: 'The value where none of the paths leads to one.' })
  default?: string | number | boolean | null;
}

export class MapAttributesBody {
  @ObjectListField({
    required: true,
    type: () => AttributeMappingInput,
    max: BOUNDS.attributeMappings,
    description: 'All mappings of the directory; they take the place of the present ones.',
  })
  attributes: AttributeMappingInput[];
}

export class DryRunQuery {
  @BooleanParameter({ description: 'Whether to change nothing and tell who would change; default false.' })
  dry_run?: boolean;
}

class RulesAnswer {
  @ApiProperty({
    type: RulesJobItem,
    nullable: true,
    description: 'The job that applies the change to the users; `GET` of the directory shows how far it is.',
  })
  rules_job: RulesJobItem | null;
}

export class RoleAssignmentsAnswer extends RulesAnswer {
  @ApiProperty({ type: [RoleAssignment], description: 'In order of precedence.' })
  assignments: RoleAssignment[];
}

export class AttributeMappingsAnswer extends RulesAnswer {
  @ApiProperty({ type: [AttributeMapping] })
  attributes: AttributeMapping[];
}

class MappingRole extends PickType(RoleItem, ['role_name', 'display_name', 'description', 'default_member']) {}

class NamedRoleAssignment extends RoleAssignment {
  @ApiProperty({ type: String, nullable: true, description: 'null for a group that is gone, or was sent without one.' })
  group_name: string | null;
}

export class DirectoryMapping {
  @ApiProperty({ type: Boolean, description: 'Whether IT admins may assign roles themselves, in the portal.' })
  may_map_roles: boolean;

  @ApiProperty({ type: Boolean, description: 'The same of the attributes.' })
  may_map_attributes: boolean;

  @ApiProperty({ type: [MappingRole], description: 'The roles to choose from, the first 1000 in order of name.' })
  roles: MappingRole[];

  @ApiProperty({ type: [NamedRoleAssignment], description: 'In order of precedence.' })
  assignments: NamedRoleAssignment[];

  @ApiProperty({ type: [AttributeMapping] })
  attributes: AttributeMapping[];

  @ApiProperty({
    type: RulesJobItem,
    nullable: true,
    description: 'The job that applies the newest rules to the users.',
  })
  rules_job: RulesJobItem | null;
}

export class MappingAnswer {
  @ApiProperty({ type: DirectoryMapping })
  mapping: DirectoryMapping;
}

/** A user as it would be. */
class AffectedUser extends PickType(UserItem, ['id', 'email', 'roles', 'custom_attributes']) {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Of its `user_updated` event.' })
  previous_attributes: Record<string, unknown>;
}

export class DryRunAnswer {
  @ApiProperty({ type: 'integer' })
  users_affected: number;

  @ApiProperty({ type: 'integer', description: '`user_updated` events that the change would give.' })
  events: number;

  @ApiProperty({ type: 'integer', description: 'Users that were looked at.' })
  users_examined: number;

  @ApiProperty({ type: Boolean, description: 'Whether these are all; false for a directory of very many users.' })
  complete: boolean;

  @ApiProperty({ type: [AffectedUser], description: 'The first 10 of those who would change.' })
  sample: AffectedUser[];
}
