import { ApiProperty } from '@nestjs/swagger';
import { ERASED_KINDS, JOB_STATES } from '@rollcall/contract';
import type { ErasureCounts, ErasureData, JobState } from '@rollcall/contract';
import { IdParameter } from '../input/fields';
import { PageInfo, PageQuery } from '../paging/page-query';

export class ErasureItem implements ErasureData {
  @ApiProperty({ type: String, example: 'era_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  organization_id: string;

  @ApiProperty({ type: String, nullable: true, description: 'null: the whole organization.' })
  directory_id: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'null: the whole organization.' })
  user_id: string | null;

  @ApiProperty({
    type: String,
    enum: [...JOB_STATES],
    description:
      '`pending`: it waits until the deletion has been published and nothing of it is being sent. `finished`: nothing is kept any more.',
  })
  state: JobState;

  @ApiProperty({
    type: 'object',
    properties: Object.fromEntries(ERASED_KINDS.map((kind) => [kind, { type: 'integer' as const }])),
    description:
      'What was redacted (a person) or removed (an organization) so far, by kind. `pending_deliveries`: those of the deliveries that had not arrived.',
  })
  counts: ErasureCounts;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;
}

export class ErasureAnswer {
  @ApiProperty({ type: ErasureItem })
  erasure: ErasureItem;
}

export class ErasureList extends PageInfo {
  @ApiProperty({ type: [ErasureItem] })
  erasures: ErasureItem[];
}

export class ErasuresQuery extends PageQuery {
  @IdParameter({ prefix: 'org', description: 'Only those of this organization.' })
  organization_id?: string;
}
