import { ApiProperty } from '@nestjs/swagger';
import { SECRET_STATUSES } from '@rollcall/contract';
import type { SecretStatus } from '@rollcall/contract';
import { BooleanField, IdParameter, IntegerField, NameField } from '../input/fields';
import { PageInfo } from '../paging/page-query';

const YEAR = 365 * 86_400;

export class SecretItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  directory_id: string;

  @ApiProperty({ type: String, description: 'The last characters of the token, to tell tokens apart.' })
  secret_suffix: string;

  @ApiProperty({ type: String, nullable: true, description: 'What people call it; null: nothing.' })
  name: string | null;

  @ApiProperty({ type: String, enum: [...SECRET_STATUSES] })
  status: SecretStatus;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: never.' })
  expire_time: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When another one took its place, until whose overlap ends it works; null: none did.',
  })
  replaced_time: string | null;

  @ApiProperty({
    type: Boolean,
    description:
      'Whether it was replaced by one that ends it, if it has not ended before: ten minutes after that one has been used for an hour, and it has not.',
  })
  retire_when_seen: boolean;

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
  @NameField({ nullable: true, max: 100, description: 'What people call it, such as who uses it; absent: nothing.' })
  name?: string | null;

  @IntegerField({ nullable: true, min: 1, max: 10 * YEAR, description: 'Seconds until it expires; absent: never.' })
  expires_in?: number | null;
}

export class RegenerateSecretBody extends CreateSecretBody {
  @IdParameter({
    prefix: 'sec',
    description: 'The one secret that is replaced; absent: every other active one. One can be replaced once.',
  })
  secret_id?: string;

  @IntegerField({ min: 0, max: 30 * 86_400, description: 'Seconds that what is replaced keeps working; default 0.' })
  overlap_seconds?: number;

  @BooleanField({
    description:
      'Whether what is replaced also ends ten minutes after the new secret has been used for an hour and it has not: a single request may be a test. Default false. With `overlap_seconds` as the longest that is waited for that.',
  })
  retire_when_seen?: boolean;
}
