import { ApiProperty, OmitType } from '@nestjs/swagger';
import {
  DEPROVISIONING_STATUSES,
  HELD_USER_KINDS,
  HELD_USER_STATES,
  HOLD_ACTIONS,
  JOB_STATES,
} from '@rollcall/contract';
import type { DeprovisioningStatus, HeldUserKind, HeldUserState, HoldAction, JobState } from '@rollcall/contract';
import { BooleanParameter, EnumField, IdListField, IntegerField, NumberField } from '../input/fields';
import { PageInfo, PageQuery } from '../paging/page-query';
import { PlainUserItem } from '../people/people.dto';

const WINDOW_MAX_SECONDS = 2_592_000;
const USERS_MAX = 1_000_000;
/** Users that one request may name. */
const USER_IDS_MAX = 1_000;

export class DeprovisionGuardItem {
  @ApiProperty({ type: 'integer', nullable: true, description: 'Deprovisioning of more users than this is held.' })
  max_users: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Deprovisioning of more than this share of the directory’s users, in per cent, is held.',
  })
  max_percent: number | null;

  @ApiProperty({ type: 'integer', description: 'Over how many seconds users are counted.' })
  window_seconds: number;
}

export class DeprovisioningJobItem {
  @ApiProperty({ type: String, enum: [...HOLD_ACTIONS] })
  action: HoldAction;

  @ApiProperty({ type: String, enum: [...JOB_STATES] })
  state: JobState;

  @ApiProperty({ type: 'integer', description: 'Users whom the decision concerns.' })
  total: number;

  @ApiProperty({ type: 'integer', description: 'Users for whom it has been carried out.' })
  done: number;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;
}

export class DeprovisioningItem {
  @ApiProperty({
    type: String,
    enum: [...DEPROVISIONING_STATUSES],
    description: '`HELD`: deprovisioning of users waits for `:release_deprovisioning` or `:discard_deprovisioning`.',
  })
  state: DeprovisioningStatus;

  @ApiProperty({ type: 'integer', description: 'Users who wait for a decision.' })
  held_users: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  held_since: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'Users published otherwise than the identity provider has them, since their hold was discarded.',
  })
  discarded_users: number;

  @ApiProperty({ type: DeprovisioningJobItem, nullable: true, description: 'How far the newest decision has come.' })
  job: DeprovisioningJobItem | null;
}

export class DeprovisioningAnswer {
  @ApiProperty({ type: DeprovisioningItem })
  deprovisioning: DeprovisioningItem;
}

export class DeprovisionGuardInput {
  @IntegerField({ nullable: true, min: 0, max: USERS_MAX, description: 'null: no limit by number.' })
  max_users?: number | null;

  @NumberField({ nullable: true, min: 0, max: 100, description: 'null: no limit by share.' })
  max_percent?: number | null;

  @IntegerField({ min: 1, max: WINDOW_MAX_SECONDS, description: 'Default: 3600.' })
  window_seconds?: number;
}

export class DecideDeprovisioningBody {
  @IdListField({
    prefix: 'diruser',
    min: 1,
    max: USER_IDS_MAX,
    description: 'Only these users; whoever is not held is passed over. Absent: everyone who is held.',
  })
  user_ids?: string[];
}

/** A user as published: the `data` of the last event. */
class PublishedUserItem extends OmitType(PlainUserItem, ['create_time', 'update_time'] as const) {}

export class HeldUserItem {
  @ApiProperty({ type: PublishedUserItem, description: 'As published.' })
  user: PublishedUserItem;

  @ApiProperty({
    type: String,
    enum: [...HELD_USER_KINDS],
    description: 'What a release does. `UPDATE`: the identity provider has made the user active again meanwhile.',
  })
  kind: HeldUserKind;

  @ApiProperty({
    type: String,
    enum: [...HELD_USER_STATES],
    description: '`DISCARDED`: published until the provider changes the user again; can still be released.',
  })
  state: HeldUserState;

  @ApiProperty({ type: String, format: 'date-time' })
  held_time: string;
}

export class HeldUserList extends PageInfo {
  @ApiProperty({ type: [HeldUserItem] })
  held_users: HeldUserItem[];
}

export class HeldUsersQuery extends PageQuery {
  @EnumField({
    values: ['HELD', 'DISCARDED'],
    description: 'Only who waits (also while a decision is carried out), or only who was discarded; default both.',
  })
  state?: string;

  @BooleanParameter({ description: 'Whether to add `raw_attributes`; default false.' })
  include_detail?: boolean;
}
