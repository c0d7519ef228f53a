import { ApiProperty } from '@nestjs/swagger';
import { field, EnumField, TextField, TimeParameter } from '../input/fields';
import { UnavailableCells } from '../paging/page-query';

const TYPES_MAX = 100;
const TYPE_LENGTH_MAX = 200;

/** Of what Scalekit's other products have and Rollcall has nothing of. */
const NoneOfItField = () =>
  TextField({ min: 0, max: 200, description: 'Taken; no event here has one, and unless it is empty none is found.' });

/** What Scalekit's applications filter events by: any type of theirs may be named, also one that there is none of. */
export class ScalekitEventFilter {
  @field({
    must: `must be a list of at most ${TYPES_MAX} texts of 1 to ${TYPE_LENGTH_MAX} characters`,
    schema: { type: String, isArray: true, maxItems: TYPES_MAX },
    isValid: (value) =>
      Array.isArray(value) &&
      value.length <= TYPES_MAX &&
      value.every((item) => typeof item === 'string' && item.length > 0 && item.length <= TYPE_LENGTH_MAX),
    description: 'Only these types; empty: all.',
  })
  event_types?: string[];

  @field({
    must: 'must be an id that begins with org_',
    schema: { type: String },
    isValid: (value) => typeof value === 'string' && /^org_\w{1,64}$/.test(value),
    description:
      'Only events of this organization, also of one that was deleted; by the id that it had at Scalekit, too, where it came from there.',
  })
  organization_id?: string;

  @TimeParameter({ description: 'Only events made at this time or later.' })
  start_time?: Date;

  @TimeParameter({ description: 'Only events made at this time or earlier.' })
  end_time?: Date;

  @EnumField({
    values: ['SOURCE_UNSPECIFIED', 'SCALEKIT', 'DIR_SYNC'],
    description: 'Taken, and chooses nothing: every event is of directory sync.',
  })
  source?: string;

  @NoneOfItField()
  auth_request_id?: string;

  @NoneOfItField()
  connection_id?: string;

  @NoneOfItField()
  connected_account_id?: string;

  @NoneOfItField()
  interceptor_id?: string;

  @NoneOfItField()
  interceptor_status?: string;

  @NoneOfItField()
  interceptor_decision?: string;
}

/** An event in Scalekit's form. */
export class ScalekitEventItem {
  @ApiProperty({ type: String, enum: ['1'] })
  spec_version: string;

  @ApiProperty({ type: String, example: 'evt_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String, example: 'organization.directory.user_updated' })
  type: string;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({ type: String })
  environment_id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String, enum: ['Directory', 'DirectoryUser', 'DirectoryGroup'] })
  object: 'Directory' | 'DirectoryUser' | 'DirectoryGroup';

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The whole object after the change.' })
  data: Record<string, unknown>;

  @ApiProperty({ type: String, description: 'What the type is called for people.', example: 'Directory user updated' })
  display_name: string;
}

export class ScalekitEventList {
  @ApiProperty({ type: [ScalekitEventItem], description: 'Newest first.' })
  events: ScalekitEventItem[];

  @ApiProperty({
    type: String,
    description:
      'Empty at the end. A page with few events, or none, may not be the last: a filter lets little through.',
  })
  next_page_token: string;

  @ApiProperty({ type: String, enum: [''], description: 'Always empty: the list is read forwards.' })
  prev_page_token: '';

  @UnavailableCells()
  unavailable_cells?: string[];
}
