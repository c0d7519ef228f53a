import { ApiProperty } from '@nestjs/swagger';
import { SECRET_STATUSES } from '@rollcall/contract';
import type { SecretStatus } from '@rollcall/contract';
import { IntegerField } from '../input/fields';
import { PageInfo } from '../paging/page-query';

const YEAR = 365 * 86_400;

export class SecretItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({ type: String, description: 'The last characters of the token, to tell tokens apart.' })
  secret_suffix: string;

  @ApiProperty({ type: String, enum: [...SECRET_STATUSES] })
  status: SecretStatus;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: never.' })
  expire_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Exact to about a minute.' })
  last_used_time: string | null;
}

export class IssuedSecretAnswer {
  @ApiProperty({ type: String, description: 'The SCIM bearer token; shown this once.' })
  plain_secret: string;

  @ApiProperty({ type: SecretItem })
  secret: SecretItem;
}

export class SecretList extends PageInfo {
  @ApiProperty({ type: [SecretItem] })
  secrets: SecretItem[];
}

export class CreateSecretBody {
  @IntegerField({ nullable: true, min: 1, max: 10 * YEAR, description: 'Seconds until it expires; absent: never.' })
  expires_in?: number | null;
}

export class RegenerateSecretBody extends CreateSecretBody {
  @IntegerField({ min: 0, max: 30 * 86_400, description: 'Seconds the other active secrets keep working; default 0.' })
  overlap_seconds?: number;
}
