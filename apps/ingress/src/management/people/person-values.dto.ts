import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AddressData, EmailData, GroupReference, ManagerData, RoleReference } from '@rollcall/contract';

// The values of users that have parts of their own.

/** A text that may be absent. */
export const nullableText = (description?: string) => ApiProperty({ type: String, nullable: true, description });

export class EmailItem implements EmailData {
  @ApiProperty({ type: String })
  value: string;

  @nullableText()
  type: string | null;

  @ApiProperty({ type: Boolean })
  primary: boolean;
}

export class AddressItem implements AddressData {
  @nullableText()
  formatted: string | null;

  @nullableText()
  street_address: string | null;

  @nullableText()
  locality: string | null;

  @nullableText()
  region: string | null;

  @nullableText()
  state: string | null;

  @nullableText()
  postal_code: string | null;

  @nullableText()
  country: string | null;
}

export class ManagerItem implements ManagerData {
  @nullableText('The directory user, when the value names one.')
  id: string | null;

  @nullableText()
  value: string | null;

  @nullableText()
  display_name: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description:
      'Only in events: the ids of that user at services that it was imported from. Absent where there is none.',
  })
  external_ids?: Record<string, string>;
}

export class GroupReferenceItem implements GroupReference {
  @ApiProperty({ type: String })
  id: string;

  @nullableText()
  name: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Its ids at services that it was imported from. Absent where there is none.',
  })
  external_ids?: Record<string, string>;
}

export class RoleReferenceItem implements RoleReference {
  @ApiProperty({ type: String })
  role_name: string;
}
