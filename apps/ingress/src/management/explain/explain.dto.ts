import { ApiProperty } from '@nestjs/swagger';
import { PERSON_VERDICTS } from '@rollcall/contract';
import type { PersonVerdict } from '@rollcall/contract';
import { TextField } from '../input/fields';
import { RequestItem } from '../requests/request.dto';

/** When something came, and by which request. */
class OriginItem {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: before the oldest event that is kept, or not published yet.',
  })
  time: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null: unknown, or it came by no request.' })
  request_id: string | null;
}

class ExplainedFieldItem extends OriginItem {
  @ApiProperty({ type: String, example: 'email', description: '`custom_attributes.<name>` for your own.' })
  field: string;

  @ApiProperty({ nullable: true, description: 'As in the `data` of events.' })
  value: unknown;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'emails[primary eq true].value',
    description: 'The SCIM attribute that it was read from; null when none was sent.',
  })
  scim_path: string | null;
}

class ExplainedGroup {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

class ExplainedRoleItem {
  @ApiProperty({ type: String })
  role_name: string;

  @ApiProperty({
    enum: ['attribute', 'group', 'default'],
    description: '`default`: no group or attribute gives the user a role.',
  })
  source: 'attribute' | 'group' | 'default';

  @ApiProperty({ type: String, nullable: true, description: 'The SCIM attribute that names it.' })
  scim_path: string | null;

  @ApiProperty({ type: [ExplainedGroup], description: 'The groups of the user that have it assigned.' })
  groups: ExplainedGroup[];
}

class ExplainedMembership extends OriginItem {
  @ApiProperty({ type: String })
  group_id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

class ExplainedHold {
  @ApiProperty({
    enum: ['DELETE', 'DEACTIVATE'],
    description: 'What the deprovision guard keeps from the application.',
  })
  kind: 'DELETE' | 'DEACTIVATE';

  @ApiProperty({ type: String, format: 'date-time' })
  held_time: string;

  @ApiProperty({ type: Boolean, description: 'Whether it was decided that it is not published.' })
  discarded: boolean;
}

export class UserExplanationAnswer {
  @ApiProperty({ type: String })
  user_id: string;

  @ApiProperty({ type: Boolean, description: 'Whether the application has been told of the user.' })
  published: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether changes of the user are still to be published.' })
  pending: boolean;

  @ApiProperty({ type: [ExplainedFieldItem] })
  fields: ExplainedFieldItem[];

  @ApiProperty({ type: [ExplainedRoleItem] })
  roles: ExplainedRoleItem[];

  @ApiProperty({ type: [ExplainedMembership] })
  memberships: ExplainedMembership[];

  @ApiProperty({ type: ExplainedHold, nullable: true, description: 'What is held back of the user.' })
  held: ExplainedHold | null;
}

export class PersonQuery {
  @TextField({ required: true, max: 256, description: 'A userName or an e-mail address.' })
  name: string;
}

export class PersonFindingAnswer {
  @ApiProperty({
    type: String,
    enum: [...PERSON_VERDICTS],
    description:
      '`held`: deleted by the provider, and held back by the deprovision guard. `refused`: requests about the name went wrong. `looked_up`: the provider asked for the name and sent nobody. `never_sent`: nothing that is kept names it.',
  })
  verdict: PersonVerdict;

  @ApiProperty({ type: String, nullable: true, description: 'The user that there is or was.' })
  user_id: string | null;

  @ApiProperty({ type: [RequestItem], description: 'The newest requests about the name, newest first.' })
  requests: RequestItem[];
}
