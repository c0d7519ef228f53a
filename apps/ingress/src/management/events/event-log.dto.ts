import { ApiProperty } from '@nestjs/swagger';
import { EVENT_TYPES } from '@rollcall/contract';
import type { EventObject, EventType } from '@rollcall/contract';
import { EnumListParameter, IdParameter, TimeParameter } from '../input/fields';
import { PageQuery, UnavailableCells } from '../paging/page-query';

export class LatestEventsQuery extends PageQuery {
  @EnumListParameter({ values: EVENT_TYPES, description: 'Only these types, separated by commas.' })
  types?: string[];

  @IdParameter({ prefix: 'org', description: 'Only events of this organization, also of one that was deleted.' })
  organization_id?: string;

  @IdParameter({ prefix: 'dir', description: 'Only events of this directory, also of one that was deleted.' })
  directory_id?: string;

  @TimeParameter({ description: 'Only events made at this time or later.' })
  from_time?: Date;

  @TimeParameter({ description: 'Only events made at this time or earlier.' })
  to_time?: Date;
}

class EventSummaryItem {
  @ApiProperty({ type: String, example: 'evt_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String, enum: [...EVENT_TYPES] })
  type: EventType;

  @ApiProperty({ type: String, enum: ['Directory', 'DirectoryUser', 'DirectoryGroup'] })
  object: EventObject;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({ type: 'integer' })
  sequence: number;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the event says its object is called; null when it does not.',
  })
  name: string | null;
}

export class LatestEventsAnswer {
  @ApiProperty({ type: [EventSummaryItem], description: 'Newest first.' })
  events: EventSummaryItem[];

  @ApiProperty({
    type: String,
    description:
      'Empty at the end. A page with few events, or none, may not be the last: a filter lets little through.',
  })
  next_page_token: string;

  @UnavailableCells()
  unavailable_cells?: string[];
}
