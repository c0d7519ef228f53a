import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EVENT_TYPES, REPLAY_STATES } from '@rollcall/contract';
import type { ReplayState } from '@rollcall/contract';
import { BooleanField, EnumListField, IdParameter, IntegerField, TimeParameter } from '../input/fields';
import { NOTHING_DONE, PageInfo, UnavailableCells } from '../paging/page-query';

const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER;

/** Which events; every bound is inclusive. */
export class ReplayBody {
  @TimeParameter({ description: 'Events that occurred at this time or later.' })
  from_time?: Date;

  @TimeParameter({ description: 'Events that occurred at this time or earlier.' })
  to_time?: Date;

  @IdParameter({ prefix: 'dir', description: 'Only events of this directory, also of one that was deleted.' })
  directory_id?: string;

  @IntegerField({ min: 0, max: SEQUENCE_MAX, description: 'The first event, inclusive. Only with `directory_id`.' })
  from_sequence?: number;

  @IntegerField({ min: 0, max: SEQUENCE_MAX, description: 'The last event, inclusive. Only with `directory_id`.' })
  to_sequence?: number;

  @EnumListField({
    values: EVENT_TYPES,
    description: 'Only these types; empty: all. The endpoint’s own filters hold as well.',
  })
  types?: string[];

  @BooleanField({
    description:
      'Only events whose delivery to this endpoint has failed for good: those deliveries get one more attempt each, with their own ids.',
  })
  failed_only?: boolean;

  @BooleanField({ description: 'Count the events and send none: `state` is `dry_run`, `id` is null.' })
  dry_run?: boolean;
}

export class ReplayItem {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'rpl_01kag3v2q9x8w7n6m5k4j3h2g1',
    description: 'null on a dry run, which makes no replay.',
  })
  id: string | null;

  @ApiProperty({ type: String })
  webhook_endpoint_id: string;

  @ApiProperty({
    type: String,
    enum: [...REPLAY_STATES, 'dry_run'],
    description: '`finished`: every delivery is over, whether it arrived or failed. `dry_run`: only counted.',
  })
  state: ReplayState | 'dry_run';

  @ApiProperty({ type: 'integer', description: 'Events in the range that the endpoint gets.' })
  total: number;

  @ApiProperty({
    type: 'integer',
    description: 'Those whose delivery is over: delivered, failed for good or canceled.',
  })
  done: number;

  @ApiProperty({ type: 'integer', description: 'Those of `done` that were not delivered after all attempts.' })
  failed: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: all directories.' })
  directory_id: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  from_sequence: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  to_sequence: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  from_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  to_time: string | null;

  @ApiProperty({ type: [String], description: 'Empty: all that the endpoint gets.' })
  types: string[];

  @ApiProperty({ type: Boolean })
  failed_only: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'The first event of the directory that was kept when the replay was made; null without `directory_id`.',
  })
  oldest_sequence: number | null;

  @ApiProperty({
    type: Boolean,
    description:
      'The range begins before what is kept: what is left of it is replayed. For what came before take a snapshot. Without `directory_id` it is told by the retention time alone.',
  })
  events_expired: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;
}

export class ReplayAnswer {
  @ApiProperty({ type: ReplayItem })
  replay: ReplayItem;

  @ApiPropertyOptional({
    type: [ReplayItem],
    description:
      'Only where organizations live in several databases, when a replay is made: there is one in each. `replay` is the first that has something to send.',
  })
  replays?: ReplayItem[];

  @UnavailableCells(NOTHING_DONE)
  unavailable_cells?: string[];
}

export class ReplayList extends PageInfo {
  @ApiProperty({ type: [ReplayItem] })
  replays: ReplayItem[];
}
