import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ALLOWED_ORIGINS_MAX, readOrigin } from '@rollcall/contract';
import { BooleanField, field, NameField, TextField } from '../input/fields';
import type { FieldOptions } from '../input/fields';

/** `#rrggbb`, in lower case once it was read. */
function ColorField(options: FieldOptions) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    field({
      ...options,
      must: 'must be a color as #rrggbb, such as #2563eb',
      schema: { type: String, pattern: '^#[0-9A-Fa-f]{6}$' },
      isValid: (value) => typeof value === 'string' && /^#[0-9a-f]{6}$/.test(value),
    }),
  );
}

/** Origins as browsers write them, each once. */
function OriginListField(options: FieldOptions) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? [...new Set(value.map(toOrigin))] : value)),
    field({
      ...options,
      must: `must be a list of at most ${ALLOWED_ORIGINS_MAX} origins, such as https://app.example.com: https, or http on this machine, without a path and without *`,
      schema: { type: String, isArray: true, maxItems: ALLOWED_ORIGINS_MAX },
      isValid: (value) =>
        Array.isArray(value) &&
        value.length <= ALLOWED_ORIGINS_MAX &&
        value.every((item) => typeof item === 'string' && readOrigin(item) !== null),
    }),
  );
}

function toOrigin(value: unknown): unknown {
  return typeof value === 'string' ? (readOrigin(value) ?? value) : value;
}

export class PortalSettingsItem {
  @ApiProperty({ type: String, nullable: true, description: 'What your application is called in the portal.' })
  display_name: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where your logo was taken from; the portal shows a copy.',
  })
  logo_url: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Where that copy is, on this server.' })
  logo_path: string | null;

  @ApiProperty({ type: String, nullable: true, example: '#2563eb' })
  accent_color: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Whom an admin may ask: an address, a URL or words.' })
  support_contact: string | null;

  @ApiProperty({ type: [String], description: 'Origins whose pages may show the portal in an iframe.' })
  allowed_origins: string[];

  @ApiProperty({ type: Boolean, description: 'Whether an organization’s admin may give roles to groups.' })
  admin_may_map_roles: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether an organization’s admin may map attributes.' })
  admin_may_map_attributes: boolean;
}

export class PortalSettingsBody {
  @NameField({
    nullable: true,
    max: 80,
    description: 'What your application is called in the portal; null: "the app".',
  })
  display_name?: string | null;

  @TextField({
    nullable: true,
    max: 2_000,
    description:
      'A PNG, JPEG or WebP picture of at most 200 kB. It is fetched once, when the address changes, and shown from this server.',
  })
  logo_url?: string | null;

  @TextField({ nullable: true, max: 200, description: 'As it was answered; what is sent here changes nothing.' })
  logo_path?: string | null;

  @ColorField({
    nullable: true,
    description:
      'The color of buttons and links. It is made darker or lighter as far as it takes to be read in each theme.',
  })
  accent_color?: string | null;

  @NameField({ nullable: true, max: 200, description: 'Whom an admin may ask: an e-mail address, a URL or words.' })
  support_contact?: string | null;

  @OriginListField({ description: 'Origins whose pages may show the portal in an iframe; default: none.' })
  allowed_origins?: string[];

  @BooleanField({ description: 'Whether an organization’s admin may give roles to groups; default: false.' })
  admin_may_map_roles?: boolean;

  @BooleanField({ description: 'Whether an organization’s admin may map attributes; default: false.' })
  admin_may_map_attributes?: boolean;
}
