import { ApiProperty } from '@nestjs/swagger';
import { BOUNDS } from '@rollcall/directory';
import { ObjectField, TextField } from '../input/fields';
import { alsoNamed, within } from '../input/other-forms';
import type { ReadOtherForm } from '../input/other-forms';
import { PageInfo } from '../paging/page-query';
import { RoleNameField } from './role-name';

export class RoleItem {
  @ApiProperty({ type: String, example: 'admin' })
  role_name: string;

  @ApiProperty({ type: String, description: 'The same as role_name.' })
  name: string;

  @ApiProperty({ type: String })
  display_name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: Boolean, description: 'Whether users whom no group or attribute gives a role have this one.' })
  default_member: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

export class RoleAnswer {
  @ApiProperty({ type: RoleItem })
  role: RoleItem;
}

export class RoleList extends PageInfo {
  @ApiProperty({ type: [RoleItem] })
  roles: RoleItem[];
}

export class CreateRoleBody {
  /** Scalekit's. */
  static readonly otherForm = alsoNamed('role_name', 'name');

  @RoleNameField({
    required: true,
    description: 'What users and events carry; it does not change. No two roles differ in upper and lower case only.',
  })
  role_name: string;

  @TextField({ max: BOUNDS.roleDisplayName, description: 'Default: the role_name.' })
  display_name?: string;

  @TextField({ nullable: true, min: 0, max: BOUNDS.roleDescription, description: 'Default: empty.' })
  description?: string | null;
}

export class UpdateRoleBody {
  @TextField({ nullable: true, max: BOUNDS.roleDisplayName, description: 'null: the role_name.' })
  display_name?: string | null;

  @TextField({ nullable: true, min: 0, max: BOUNDS.roleDescription, description: 'null: empty.' })
  description?: string | null;
}

class RoleReferenceInput {
  @RoleNameField({ required: true, description: 'The name of a role.' })
  role_name: string;
}

export class SetDefaultsBody {
  /** Scalekit's two: `{default_member: {name}}` and `{default_member_role}`. */
  static readonly otherForm: ReadOtherForm = ({ default_member_role: role, ...body }) =>
    within(
      'default_member',
      alsoNamed('role_name', 'name'),
    )(role === undefined ? body : { default_member: { role_name: role }, ...body });

  @ObjectField({
    nullable: true,
    type: () => RoleReferenceInput,
    description: 'The role of users whom no group or attribute gives one; null: none.',
  })
  default_member?: RoleReferenceInput | null;
}

class DefaultRole {
  @ApiProperty({ type: String })
  role_name: string;
}

export class DefaultsAnswer {
  @ApiProperty({ type: DefaultRole, nullable: true })
  default_member: DefaultRole | null;
}
