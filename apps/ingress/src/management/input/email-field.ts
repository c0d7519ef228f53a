import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import { field } from './fields';
import type { FieldOptions } from './fields';

/** One address, as mail servers take it (RFC 5321, section 4.5.3.1): nothing in it that a header would take for more than one. */
const EMAIL = /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}\p{Surrogate}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;

/** An e-mail address without the space around it. */
export function EmailField(options: FieldOptions) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    field({
      ...options,
      must: 'must be an e-mail address, such as ann@example.com',
      schema: { type: String, format: 'email', maxLength: EMAIL_LENGTH_MAX },
      isValid: (value) =>
        typeof value === 'string' && value.length <= EMAIL_LENGTH_MAX && EMAIL.test(value) && !value.includes('..'),
    }),
  );
}
