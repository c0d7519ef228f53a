import { ApiProperty } from '@nestjs/swagger';
import { HEALTH_STATES, REFUSAL_REASONS } from '@rollcall/contract';
import type { HealthState, RefusalReason } from '@rollcall/contract';

export class RefusalItem {
  @ApiProperty({ type: String, enum: [...REFUSAL_REASONS] })
  reason: RefusalReason;

  @ApiProperty({ type: 'integer', description: 'The HTTP status of the last one.' })
  status: number;

  @ApiProperty({ type: String, nullable: true, description: 'The SCIM error code of the last one, where it had one.' })
  scim_type: string | null;

  @ApiProperty({ type: 'integer', description: 'How many there were; counted within a minute.' })
  count: number;

  @ApiProperty({ type: String, format: 'date-time' })
  first_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  last_time: string;
}

export class HealthItem {
  @ApiProperty({
    type: String,
    enum: [...HEALTH_STATES],
    description:
      '`waiting`: no request yet. `connected`: requests come and are accepted. `refused`: the last token was not accepted. `stalled`: none has come for longer than the identity provider is silent. `token_expiring`: the token in use ends soon. `no_active_token`, `disabled`, `feature_off`: every request is refused.',
  })
  state: HealthState;

  @ApiProperty({ type: String, nullable: true, description: 'What is wrong, in a sentence; null while nothing is.' })
  reason: string | null;

  @ApiProperty({ type: String, format: 'date-time', description: 'Since when it is so.' })
  since: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the token ends that ends soon; null in every other state.',
  })
  expire_time: string | null;

  @ApiProperty({
    type: RefusalItem,
    nullable: true,
    description: 'The requests whose token was refused since one was accepted; null while none was.',
  })
  refused: RefusalItem | null;

  @ApiProperty({
    type: [RefusalItem],
    description: 'What else was refused within a day, which keeps nobody out: conflicts, bad requests, too many.',
  })
  attention: RefusalItem[];
}

export class SetupItem {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'The first request, such as a test.' })
  first_request_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  first_user_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  first_group_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  first_member_time: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'A user came with a role in the SCIM attribute `roles`.',
  })
  first_role_time: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'A user was made inactive or deleted.',
  })
  first_deactivation_time: string | null;
}
