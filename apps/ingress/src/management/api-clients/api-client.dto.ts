import { ApiProperty } from '@nestjs/swagger';
import { API_SCOPES, MAX_OVERLAP_SECONDS } from '@rollcall/contract';
import type { ApiScope } from '@rollcall/contract';
import { EnumListField, IdParameter, IntegerField, TextField } from '../input/fields';
import { PageInfo } from '../paging/page-query';

const SCOPES_DESCRIPTION = 'What the client may do; `write` includes `read`.';
const NAME_DESCRIPTION = 'What the client is, for people and the audit log.';

export class ApiClientItem {
  @ApiProperty({ type: String, example: 'clt_01kag3v2q9x8w7n6m5k4j3h2g1' })
  client_id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ enum: [...API_SCOPES], isArray: true, description: SCOPES_DESCRIPTION })
  scopes: ApiScope[];

  @ApiProperty({ type: String, nullable: true, description: 'The one organization it is for; null: all.' })
  organization_id: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute.' })
  last_used_time: string | null;
}

export class ApiClientAnswer {
  @ApiProperty({ type: ApiClientItem })
  api_client: ApiClientItem;
}

export class ApiClientSecretAnswer extends ApiClientAnswer {
  @ApiProperty({ type: String, description: 'For POST /oauth/token; shown this once.' })
  client_secret: string;

  @ApiProperty({
    type: String,
    example: 'sk_…',
    description: 'Goes by itself, as `Authorization: Bearer`, for clients that know no OAuth; shown this once.',
  })
  api_key: string;
}

export class ApiClientList extends PageInfo {
  @ApiProperty({ type: [ApiClientItem] })
  api_clients: ApiClientItem[];
}

export class CreateApiClientBody {
  @TextField({ required: true, max: 200, description: NAME_DESCRIPTION })
  name: string;

  @EnumListField({ required: true, min: 1, values: API_SCOPES, description: SCOPES_DESCRIPTION })
  scopes: ApiScope[];

  @IdParameter({
    nullable: true,
    prefix: 'org',
    description: 'The one organization that the client is for; it does not change. Absent or null: all.',
  })
  organization_id?: string | null;
}

export class UpdateApiClientBody {
  @TextField({ max: 200, description: NAME_DESCRIPTION })
  name?: string;

  @EnumListField({ min: 1, values: API_SCOPES, description: SCOPES_DESCRIPTION })
  scopes?: ApiScope[];
}

export class RotateApiClientBody {
  @IntegerField({
    min: 0,
    max: MAX_OVERLAP_SECONDS,
    description: 'Seconds that the other secrets and keys go on, with the access tokens got with them; default 0.',
  })
  overlap_seconds?: number;
}
