import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { isStorable, isStorableJson } from '@rollcall/directory';
import { parseId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';

/** What every field of a request says about itself. */
export interface FieldOptions {
  description: string;
  required?: boolean;
  /** Whether null is taken (in a PATCH: clears). */
  nullable?: boolean;
  example?: unknown;
}

interface FieldRule extends FieldOptions {
  /** How the field must be, as the end of a sentence after its name: `must be a text of 1 to 200 characters`. */
  must: string;
  schema: ApiPropertyOptions;
  isValid: (value: unknown) => boolean;
}

/** One rule per field, so that there is one message per field; `$field` becomes the field's path. */
export function field({ must, schema, isValid, description, required = false, nullable = false, example }: FieldRule) {
  return applyDecorators(
    ApiProperty({ ...schema, description, required, ...(nullable && { nullable }), example } as ApiPropertyOptions),
    ...(required
      ? []
      : [ValidateIf((_: unknown, value: unknown) => value !== undefined && !(nullable && value === null))]),
    ValidateBy({
      name: 'field',
      validator: {
        validate: (value: unknown) => (nullable && value === null) || isValid(value),
        defaultMessage: () => `$field ${must}.`,
      },
    }),
  );
}

/** A text that PostgreSQL can store; lengths in UTF-16 units. */
export function TextField({ min = 1, max, butNot = [], ...options }: FieldOptions & TextRule) {
  return field({
    ...options,
    must: `must be a text of ${min} to ${max} characters${butNot.length > 0 ? `, other than ${butNot.join(', ')}` : ''}`,
    schema: { type: String, minLength: min, maxLength: max },
    isValid: (value) =>
      typeof value === 'string' &&
      value.length >= min &&
      value.length <= max &&
      isStorable(value) &&
      !butNot.includes(value),
  });
}

interface TextRule {
  min?: number;
  max: number;
  /** Texts that are refused. */
  butNot?: readonly string[];
}

/** Controls, which a line of text cannot show, what breaks a line, and what turns the direction of the text after the name too. Marks of a direction stay: Hebrew and Arabic names have them. */
const NO_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202A-\u202E\u2066-\u2069]/u;

/** A character that can be seen: in the list that is all there is to know a thing by. U+2800 is a pattern without a dot. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name of one line that can be seen, without the space around it; length in UTF-16 units. */
export function NameField({ max, ...options }: FieldOptions & { max: number }) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    field({
      ...options,
      must: `must be a text of 1 to ${max} characters, one of them visible, without control characters`,
      schema: { type: String, minLength: 1, maxLength: max },
      isValid: (value) =>
        typeof value === 'string' && value.length <= max && VISIBLE.test(value) && !NO_LINE.test(value),
    }),
  );
}

/** JSON `true` or `false`. */
export function BooleanField(options: FieldOptions) {
  return field({
    ...options,
    must: 'must be true or false',
    schema: { type: Boolean },
    isValid: (value) => typeof value === 'boolean',
  });
}

/** A whole number; both bounds are allowed. */
export function IntegerField({ min, max, ...options }: FieldOptions & { min: number; max: number }) {
  return field({
    ...options,
    must: `must be a whole number from ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    isValid: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  });
}

/** A number; both bounds are allowed. */
export function NumberField({ min, max, ...options }: FieldOptions & { min: number; max: number }) {
  return field({
    ...options,
    must: `must be a number from ${min} to ${max}`,
    schema: { type: Number, minimum: min, maximum: max },
    isValid: (value) => typeof value === 'number' && value >= min && value <= max,
  });
}

/** One of these texts. */
export function EnumField({ values, ...options }: FieldOptions & { values: readonly string[] }) {
  return field({
    ...options,
    must: `must be one of ${values.join(', ')}`,
    schema: { type: String, enum: [...values] },
    isValid: (value) => values.includes(value as string),
  });
}

/** How long a list of texts may be, which may repeat one. */
const LISTED_TEXTS_MAX = 100;

/** A list, empty too unless `min` is 1, of these texts. */
export function EnumListField({
  values,
  min = 0,
  ...options
}: FieldOptions & { values: readonly string[]; min?: 0 | 1 }) {
  return field({
    ...options,
    must: `must be a list of ${min ? 'one or more of ' : ''}these: ${values.join(', ')}; ${LISTED_TEXTS_MAX} at most`,
    schema: {
      type: String,
      enum: [...values],
      isArray: true,
      ...(min && { minItems: min }),
      maxItems: LISTED_TEXTS_MAX,
    },
    isValid: (value) =>
      Array.isArray(value) &&
      value.length >= min &&
      value.length <= LISTED_TEXTS_MAX &&
      value.every((item) => values.includes(item as string)),
  });
}

/** A list, empty too unless `min` is 1, of public ids of one kind. */
export function IdListField({
  prefix,
  min = 0,
  max,
  ...options
}: FieldOptions & { prefix: IdPrefix; min?: 0 | 1; max: number }) {
  return field({
    ...options,
    must: `must be a list of ${min ? `${min} to` : 'at most'} ${max} ids that begin with ${prefix}_`,
    schema: { type: String, isArray: true, ...(min && { minItems: min }), maxItems: max },
    isValid: (value) =>
      Array.isArray(value) && value.length >= min && value.length <= max && value.every((item) => isId(prefix, item)),
  });
}

const freeJson = new WeakMap<object, Set<string>>();

/** Free JSON of the caller: an object of at most `maxBytes` as JSON. For fields of the body itself, not of objects in it. */
export function JsonObjectField({ maxBytes, ...options }: FieldOptions & { maxBytes: number }) {
  const rule = field({
    ...options,
    must: `must be an object of at most ${maxBytes} bytes as JSON`,
    schema: { type: 'object', additionalProperties: true },
    isValid: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && isStorableJson(value, maxBytes),
  });
  return (target: object, name: string): void => {
    freeJson.set(target, new Set([...(freeJson.get(target) ?? []), name]));
    rule(target, name);
  };
}

/** The names of a DTO's fields that are free JSON: taken as sent, whatever their keys are. */
export function freeJsonFieldsOf(dto: { prototype: object }): ReadonlySet<string> {
  return freeJson.get(dto.prototype) ?? new Set();
}

/** An object with fields of its own. */
export function ObjectField<T extends object>({ type, ...options }: FieldOptions & { type: () => new () => T }) {
  return applyDecorators(
    field({ ...options, must: 'must be an object', schema: { type }, isValid: isObject }),
    ValidateNested(),
    Type(type),
  );
}

/** A list of such objects. */
export function ObjectListField<T extends object>({
  type,
  max,
  ...options
}: FieldOptions & { type: () => new () => T; max: number }) {
  return applyDecorators(
    field({
      ...options,
      must: `must be a list of at most ${max} objects`,
      schema: { type: () => [type()], maxItems: max },
      isValid: (value) => Array.isArray(value) && value.length <= max && value.every(isObject),
    }),
    ValidateNested({ each: true }),
    Type(type),
  );
}

/** A whole number in the query part of a URL. */
export function IntegerParameter(options: FieldOptions & { min: number; max: number }) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IntegerField(options),
  );
}

/** `true` or `false` in the query part of a URL. */
export function BooleanParameter(options: FieldOptions) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    BooleanField(options),
  );
}

/** A list in the query part of a URL: separated by commas, or the parameter repeated. */
export function EnumListParameter(options: FieldOptions & { values: readonly string[] }) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => splitList(value)),
    EnumListField(options),
  );
}

/** An id in the query part of a URL. */
export function IdParameter({ prefix, ...options }: FieldOptions & { prefix: IdPrefix }) {
  return field({
    ...options,
    must: `must be an id that begins with ${prefix}_`,
    schema: { type: String },
    isValid: (value) => isId(prefix, value),
  });
}

/** A time (RFC 3339) in the query part of a URL; it arrives as a Date. */
export function TimeParameter(options: FieldOptions) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && RFC3339.test(value) ? new Date(value) : value,
    ),
    field({
      ...options,
      must: 'must be a time as of RFC 3339, such as 2026-11-21T10:20:17Z',
      schema: { type: String, format: 'date-time' },
      isValid: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    }),
  );
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

function splitList(value: unknown): unknown {
  const parts = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(parts)) return value;
  return parts.flatMap((part: unknown) => (typeof part === 'string' ? part.split(',').filter(Boolean) : [part]));
}

function isId(prefix: IdPrefix, value: unknown): boolean {
  return typeof value === 'string' && parseId(prefix, value) !== null;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
