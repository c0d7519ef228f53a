import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BOUNDS } from '@rollcall/directory';
import { BooleanField, EnumField, JsonObjectField, ObjectListField, TextField } from '../input/fields';
import { PageInfo, PageQuery } from '../paging/page-query';

/** Features by every name they are known by; the first name of each is the one that answers show. */
export const FEATURE_NAMES = { dir_sync: 'dir_sync', scim: 'dir_sync', directory_sync: 'dir_sync' } as const;

const REGION_CODES = ['US', 'EU'] as const;

export class Feature {
  @ApiProperty({ type: String, enum: ['dir_sync'] })
  name: string;

  @ApiProperty({ type: Boolean })
  enabled: boolean;
}

class OrganizationSettings {
  @ApiProperty({ type: [Feature] })
  features: Feature[];
}

export class OrganizationItem {
  @ApiProperty({ type: String, example: 'org_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  display_name: string;

  @ApiProperty({ type: String, nullable: true, description: 'Your own id of the organization.' })
  external_id: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
  })
  external_ids?: Record<string, string>;

  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;

  @ApiPropertyOptional({ type: String, description: 'As you set it; absent where you have not.' })
  slug?: string;

  @ApiPropertyOptional({ type: String, description: 'As you set it; absent where you have not.' })
  logo_url?: string;

  @ApiPropertyOptional({ type: String, enum: REGION_CODES, description: 'As you set it; absent where you have not.' })
  region_code?: string;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;

  @ApiProperty({ type: OrganizationSettings })
  settings: OrganizationSettings;
}

export class OrganizationAnswer {
  @ApiProperty({ type: OrganizationItem })
  organization: OrganizationItem;
}

export class OrganizationList extends PageInfo {
  @ApiProperty({ type: [OrganizationItem] })
  organizations: OrganizationItem[];
}

export class OrganizationQuery extends PageQuery {
  @TextField({
    min: 0,
    max: 200,
    description: 'Only those with this text in `display_name` or `external_id`, in any case, or with this id.',
  })
  search?: string;
}

export class SearchOrganizationsQuery extends PageQuery {
  @TextField({
    required: true,
    max: 200,
    description: 'Text in `display_name` or `external_id`, in any case, or the whole id.',
  })
  query: string;
}

/** What Scalekit's applications keep with an organization, and nothing here asks for. */
class DescriptionFields {
  @TextField({ nullable: true, max: 255, description: 'A short name of yours for it, kept as it is.' })
  slug?: string | null;

  @TextField({ nullable: true, max: 2_048, description: 'Where your application has its logo, kept as it is.' })
  logo_url?: string | null;

  @EnumField({
    nullable: true,
    values: REGION_CODES,
    description: 'Where your application keeps its data, kept as it is.',
  })
  region_code?: string | null;
}

export class CreateOrganizationBody extends DescriptionFields {
  @TextField({
    required: true,
    max: BOUNDS.organizationName,
    description: 'Shown to the organization’s admin in the portal.',
  })
  display_name: string;

  @TextField({
    nullable: true,
    max: BOUNDS.externalId,
    description: 'Your own id of the organization, unique in the environment.',
  })
  external_id?: string | null;

  @JsonObjectField({
    nullable: true,
    maxBytes: BOUNDS.metadataBytes,
    description: 'Whatever you want to keep with it.',
  })
  metadata?: Record<string, unknown> | null;
}

export class UpdateOrganizationBody extends DescriptionFields {
  @TextField({ max: BOUNDS.organizationName, description: 'Shown to the organization’s admin in the portal.' })
  display_name?: string;

  @TextField({
    nullable: true,
    max: BOUNDS.externalId,
    description: 'Your own id of the organization; null removes it.',
  })
  external_id?: string | null;

  @JsonObjectField({
    nullable: true,
    maxBytes: BOUNDS.metadataBytes,
    description: 'Merged key by key; a null removes that key, null in place of the object removes all.',
  })
  metadata?: Record<string, unknown> | null;
}

class FeatureInput {
  @EnumField({
    required: true,
    values: Object.keys(FEATURE_NAMES),
    description: '`scim` and `directory_sync` are other names of `dir_sync`.',
  })
  name: keyof typeof FEATURE_NAMES;

  @BooleanField({ required: true, description: 'Off by default.' })
  enabled: boolean;
}

export class UpdateSettingsBody {
  @ObjectListField({ required: true, type: () => FeatureInput, max: 10, description: 'Features not named stay.' })
  features: FeatureInput[];
}
