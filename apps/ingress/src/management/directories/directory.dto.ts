import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIRECTORY_STATUSES, JOB_STATES, PROVIDER_IDS } from '@rollcall/contract';
import type { DirectoryStatus, JobState } from '@rollcall/contract';
import { BOUNDS } from '@rollcall/directory';
import { DeprovisionGuardInput, DeprovisionGuardItem, DeprovisioningItem } from '../deprovisioning/deprovisioning.dto';
import { BooleanField, EnumField, NameField, ObjectField } from '../input/fields';
import { alsoFlat, within } from '../input/other-forms';
import type { ReadOtherForm } from '../input/other-forms';
import { PageInfo } from '../paging/page-query';
import { SecretItem } from '../secrets/secret.dto';
import { HealthItem, SetupItem } from './directory-health.dto';
import { namedByOtherProvider, PROVIDER_DESCRIPTION, withoutOtherProvider } from './other-providers';

export class RoleAssignment {
  @ApiProperty({ type: String })
  group_id: string;

  @ApiProperty({ type: String })
  role_name: string;
}

class RoleAssignments {
  @ApiProperty({ type: [RoleAssignment], description: 'In order of precedence.' })
  assignments: RoleAssignment[];
}

export class AttributeMapping {
  @ApiProperty({ type: String, description: 'SCIM attribute path.' })
  key: string;

  @ApiProperty({ type: String, description: 'Name in `custom_attributes`.' })
  map_to: string;

  @ApiPropertyOptional({ type: [String], description: 'Paths that are read where `key` leads to nothing.' })
  fallback_keys?: string[];

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    nullable: true,
    description: 'The value where none of the paths leads to one.',
  })
  default?: string | number | boolean | null;
}

class AttributeMappings {
  @ApiProperty({ type: [AttributeMapping] })
  attributes: AttributeMapping[];
}

export class RulesJobItem {
  @ApiProperty({ type: String, enum: [...JOB_STATES] })
  state: JobState;

  @ApiProperty({ type: 'integer', description: 'Users to examine.' })
  total: number;

  @ApiProperty({ type: 'integer', description: 'Users examined so far.' })
  done: number;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;
}

class DirectoryStats {
  @ApiProperty({ type: 'integer' })
  total_users: number;

  @ApiProperty({ type: 'integer' })
  total_groups: number;
}

export class DirectoryItem {
  @ApiProperty({ type: String, example: 'dir_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
  })
  external_ids?: Record<string, string>;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String, enum: ['SCIM'] })
  directory_type: string;

  @ApiProperty({ type: String, enum: [...PROVIDER_IDS] })
  directory_provider: string;

  @ApiProperty({ type: Boolean })
  enabled: boolean;

  @ApiProperty({
    type: String,
    enum: [...DIRECTORY_STATUSES],
    description:
      '`DRAFT`: no secret yet. `IN_PROGRESS`: no request yet. `COMPLETED`: the identity provider is connected.',
  })
  status: DirectoryStatus;

  @ApiProperty({ type: HealthItem })
  health: HealthItem;

  @ApiProperty({ type: Boolean, description: 'Whether PATCH follows RFC 7644 to the letter.' })
  strict: boolean;

  @ApiProperty({ type: String, format: 'uri', description: 'The SCIM base URL for the identity provider.' })
  directory_endpoint: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_synced_at: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The last request that was accepted, within a minute.',
  })
  last_request_time: string | null;

  @ApiProperty({ type: 'integer' })
  total_users: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Of these; null in a list of directories.' })
  inactive_users: number | null;

  @ApiProperty({ type: 'integer' })
  total_groups: number;

  @ApiProperty({ type: DirectoryStats, description: 'The same numbers, where Scalekit’s API has them.' })
  stats: DirectoryStats;

  @ApiProperty({ type: String, enum: ['ALL'], description: 'Every group that the identity provider sends.' })
  groups_tracked: 'ALL';

  @ApiProperty({ type: SetupItem, description: 'When each kind of traffic came first; null: not yet.' })
  setup: SetupItem;

  @ApiProperty({ type: [SecretItem], description: 'Newest first, at most 20.' })
  secrets: SecretItem[];

  @ApiProperty({ type: RoleAssignments })
  role_assignments: RoleAssignments;

  @ApiProperty({ type: AttributeMappings })
  attribute_mappings: AttributeMappings;

  @ApiProperty({
    type: RulesJobItem,
    nullable: true,
    description:
      'How far the newest roles and attributes have been applied to the users; null while they never changed.',
  })
  rules_job: RulesJobItem | null;

  @ApiProperty({
    type: DeprovisionGuardItem,
    nullable: true,
    description: 'From where on mass deactivation and deletion is held until you decide; null: off.',
  })
  deprovision_guard: DeprovisionGuardItem | null;

  @ApiProperty({ type: DeprovisionGuardItem, description: 'A `deprovision_guard` that suits the number of users.' })
  suggested_deprovision_guard: DeprovisionGuardItem;

  @ApiProperty({ type: DeprovisioningItem })
  deprovisioning: DeprovisioningItem;

  @ApiProperty({
    type: 'integer',
    description: 'Rises when the server was restored: sequences of different epochs do not continue each other.',
  })
  epoch: number;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

export class DirectoryAnswer {
  @ApiProperty({ type: DirectoryItem })
  directory: DirectoryItem;
}

export class DirectoryList extends PageInfo {
  @ApiProperty({ type: [DirectoryItem] })
  directories: DirectoryItem[];
}

export class EnabledAnswer {
  @ApiProperty({ type: Boolean })
  enabled: boolean;
}

class NewDirectoryInput {
  @EnumField({ required: true, values: ['SCIM'], description: 'How the directory is fed.' })
  directory_type: string;

  @EnumField({ required: true, values: PROVIDER_IDS, description: PROVIDER_DESCRIPTION })
  directory_provider: string;

  @NameField({ max: BOUNDS.directoryName, description: 'Default: the name of the provider.' })
  name?: string;
}

const flat = alsoFlat('directory', ['directory_type', 'directory_provider', 'name']);

export class CreateDirectoryBody {
  /** Scalekit's: the directory is the body, and its providers are more. */
  static readonly otherForm: ReadOtherForm = (body) => within('directory', namedByOtherProvider)(flat(body));

  @ObjectField({ required: true, type: () => NewDirectoryInput, description: 'The directory to create.' })
  directory: NewDirectoryInput;
}

/** What an organization's admin asks for, whose press of a button may come twice. */
export class ConfigureDirectoryBody extends CreateDirectoryBody {
  @BooleanField({ description: 'Whether to make one beside one of the same provider.' })
  another?: boolean;
}

class DirectoryPatchInput {
  @NameField({ nullable: true, max: BOUNDS.directoryName, description: 'null: the name of the provider.' })
  name?: string | null;

  @EnumField({ values: PROVIDER_IDS, description: PROVIDER_DESCRIPTION })
  directory_provider?: string;

  @BooleanField({ nullable: true, description: 'Whether PATCH follows RFC 7644 to the letter; null: false.' })
  strict?: boolean | null;
}

class OwnerDirectoryPatchInput extends DirectoryPatchInput {
  @ObjectField({
    nullable: true,
    type: () => DeprovisionGuardInput,
    description:
      'Limits beyond which deprovisioning is held; what is left out stays. null: off, which releases nothing.',
  })
  deprovision_guard?: DeprovisionGuardInput | null;
}

export class UpdateDirectoryBody extends OwnerDirectoryPatchInput {
  /** Scalekit's providers. */
  static readonly otherForm: ReadOtherForm = (body) =>
    within('directory', withoutOtherProvider)(withoutOtherProvider(body));

  @ObjectField({
    type: () => OwnerDirectoryPatchInput,
    description: 'What to change; it may also stand at the top level.',
  })
  directory?: OwnerDirectoryPatchInput;
}

/** What an organization's admin may change: the deprovision guard is the application's. */
export class AdminUpdateDirectoryBody extends DirectoryPatchInput {
  @ObjectField({ type: () => DirectoryPatchInput, description: 'What to change; it may also stand at the top level.' })
  directory?: DirectoryPatchInput;
}
