import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { FOUND_MAX } from '@rollcall/contract';
import type { GroupData, UserData } from '@rollcall/contract';
import { GROUP_SORTS, USER_SORTS } from '@rollcall/management';
import type { GroupSort, UserSort } from '@rollcall/management';
import { BooleanParameter, EnumField, IdParameter, TextField, TimeParameter } from '../input/fields';
import { PageInfo, PageQuery } from '../paging/page-query';
import { RoleNameField } from '../roles/role-name';
import {
  AddressItem,
  EmailItem,
  GroupReferenceItem,
  ManagerItem,
  nullableText,
  RoleReferenceItem,
} from './person-values.dto';

/** A normalized user: the `data` of its events, with times. Every key is always there. */
export class PlainUserItem implements Omit<UserData, 'raw_attributes'> {
  @ApiProperty({ type: String, example: 'diruser_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
  })
  external_ids?: Record<string, string>;

  @nullableText('The identity provider’s own id of the user (SCIM externalId).')
  dp_id: string | null;

  @nullableText('SCIM userName.')
  preferred_username: string | null;

  @nullableText('Primary, else work, else first, else the userName if it is an address.')
  email: string | null;

  @ApiProperty({ type: [EmailItem] })
  emails: EmailItem[];

  @ApiProperty({ type: Boolean })
  active: boolean;

  @nullableText()
  name: string | null;

  @nullableText()
  given_name: string | null;

  @nullableText()
  family_name: string | null;

  @nullableText()
  nickname: string | null;

  @nullableText()
  picture: string | null;

  @nullableText()
  phone_number: string | null;

  @ApiProperty({ type: AddressItem, nullable: true })
  address: AddressItem | null;

  @nullableText()
  title: string | null;

  @nullableText()
  user_type: string | null;

  @nullableText()
  department: string | null;

  @nullableText()
  division: string | null;

  @nullableText()
  cost_center: string | null;

  @nullableText()
  employee_id: string | null;

  @nullableText()
  organization: string | null;

  @ApiProperty({ type: ManagerItem, nullable: true })
  manager: ManagerItem | null;

  @nullableText()
  profile: string | null;

  @nullableText()
  language: string | null;

  @nullableText()
  locale: string | null;

  @nullableText()
  zoneinfo: string | null;

  @ApiProperty({ type: [GroupReferenceItem] })
  groups: GroupReferenceItem[];

  @ApiProperty({ type: [RoleReferenceItem] })
  roles: RoleReferenceItem[];

  @ApiProperty({ type: 'object', additionalProperties: true })
  custom_attributes: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Only with include_detail=true.' })
  raw_attributes?: Record<string, unknown>;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

class UserGroupItem extends GroupReferenceItem {
  @nullableText('The same as name.')
  display_name: string | null;
}

/** A user as lists answer it: with what Scalekit's API calls otherwise. */
export class UserItem extends PlainUserItem {
  @ApiProperty({ type: [UserGroupItem] })
  override groups: UserGroupItem[];

  @ApiProperty({ type: String, format: 'date-time', description: 'The same as update_time.' })
  updated_at: string;

  @ApiPropertyOptional({
    type: PlainUserItem,
    description: 'Only with include_detail=true: the same once more, where Scalekit’s API has it.',
  })
  user_detail?: PlainUserItem;
}

/** A normalized group: the `data` of its events, with times. */
export class PlainGroupItem implements Omit<GroupData, 'raw_attributes'> {
  @ApiProperty({ type: String, example: 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
  })
  external_ids?: Record<string, string>;

  @nullableText('The identity provider’s own id of the group (SCIM externalId).')
  dp_id: string | null;

  @nullableText('The same as dp_id.')
  external_id: string | null;

  @nullableText()
  display_name: string | null;

  @ApiProperty({ type: 'integer' })
  total_users: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Only with include_detail=true.' })
  raw_attributes?: Record<string, unknown>;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

/** A group as lists answer it: with what Scalekit's API calls otherwise. */
export class GroupItem extends PlainGroupItem {
  @ApiProperty({ type: String, format: 'date-time', description: 'The same as update_time.' })
  updated_at: string;

  @ApiPropertyOptional({
    type: PlainGroupItem,
    description: 'Only with include_detail=true: the same once more, where Scalekit’s API has it.',
  })
  group_detail?: PlainGroupItem;
}

export class UserAnswer {
  @ApiProperty({ type: UserItem })
  user: UserItem;
}

export class GroupAnswer {
  @ApiProperty({ type: GroupItem })
  group: GroupItem;
}

export class UserList extends PageInfo {
  @ApiProperty({ type: [UserItem] })
  users: UserItem[];
}

export class GroupList extends PageInfo {
  @ApiProperty({ type: [GroupItem] })
  groups: GroupItem[];
}

export class GroupSummaryItem extends PickType(GroupItem, [
  'id',
  'display_name',
  'total_users',
  'updated_at',
] as const) {}

export class GroupSummaryList extends PageInfo {
  @ApiProperty({ type: [GroupSummaryItem] })
  groups: GroupSummaryItem[];
}

export class MemberList extends PageInfo {
  @ApiProperty({ type: [UserItem] })
  members: UserItem[];
}

export class DetailQuery {
  @BooleanParameter({ description: 'Whether to add `raw_attributes`; default false.' })
  include_detail?: boolean;
}

class PeopleQuery extends PageQuery {
  @BooleanParameter({ description: 'Whether to add `raw_attributes`; default false.' })
  include_detail?: boolean;

  @TimeParameter({
    description: 'Only what changed after this time, in the order of the changes unless `sort` says otherwise.',
  })
  updated_after?: Date;
}

export class GroupsQuery extends PeopleQuery {
  @TextField({
    min: 0,
    max: 200,
    description: `Only groups whose name has words that begin with these, or whose External ID does; case and accents do not count. Of what was published; at most ${FOUND_MAX} are found.`,
  })
  search?: string;

  @EnumField({ values: GROUP_SORTS, description: 'In which order, `-` for the largest first; default oldest first.' })
  sort?: GroupSort;
}

export class MembersQuery extends PeopleQuery {
  @TextField({
    min: 0,
    max: 200,
    description: `Only users of whom a name, user name, e-mail address or External ID begins with each of these words; case and accents do not count. Of what was published; at most ${FOUND_MAX} are found.`,
  })
  search?: string;

  @BooleanParameter({ description: 'Only users who are active, or who are not.' })
  active?: boolean;

  @RoleNameField({ description: 'Only users who have this role, as published.' })
  role_name?: string;

  @EnumField({
    values: USER_SORTS,
    description:
      'In which order, `-` for the largest first; default oldest first. By name or e-mail address only published users are listed, which a new one is in a moment.',
  })
  sort?: UserSort;
}

export class UsersQuery extends MembersQuery {
  @IdParameter({ prefix: 'dirgroup', description: 'Only members of this group.' })
  directory_group_id?: string;
}
