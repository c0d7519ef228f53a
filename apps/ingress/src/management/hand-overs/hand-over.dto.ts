import { ApiProperty } from '@nestjs/swagger';
import { HAND_OVER_STATES } from '@rollcall/contract';
import type { HandOverState } from '@rollcall/contract';
import { IntegerField } from '../input/fields';
import { PageInfo } from '../paging/page-query';

const DAY = 86_400;
export const DEFAULT_EXPIRES_IN = 7 * DAY;
const MIN_EXPIRES_IN = 60;
const MAX_EXPIRES_IN = 30 * DAY;

export class HandOverItem {
  @ApiProperty({ type: String, example: 'hov_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({
    type: String,
    enum: [...HAND_OVER_STATES],
    description: '`CONNECTED`: the bearer token that it showed is in use, also when the link has expired since.',
  })
  state: HandOverState;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expire_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was opened first.' })
  opened_time: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the bearer token was issued and shown; the link opens nothing any more since then.',
  })
  token_shown_time: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Which bearer token was shown. It outlives the link, and is revoked like any other.',
  })
  secret_id: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When that bearer token was used first.',
  })
  connected_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  revoked_time: string | null;
}

class NewHandOverItem extends HandOverItem {
  @ApiProperty({
    type: String,
    description: 'Send a colleague there who administers the identity provider. It is shown only here.',
  })
  location: string;
}

export class NewHandOverAnswer {
  @ApiProperty({ type: NewHandOverItem })
  hand_over: NewHandOverItem;
}

export class HandOverList extends PageInfo {
  @ApiProperty({ type: [HandOverItem] })
  hand_overs: HandOverItem[];
}

export class CreateHandOverBody {
  @IntegerField({
    min: MIN_EXPIRES_IN,
    max: MAX_EXPIRES_IN,
    description: `Seconds for which the link, and the page that it opens, can be looked at, default ${DEFAULT_EXPIRES_IN}.`,
  })
  expires_in?: number;
}
