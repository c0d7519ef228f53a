import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { field, JsonObjectField, TextField } from '../management/input/fields';
import type { FieldOptions } from '../management/input/fields';

const EMAIL = /^[^\s@\p{C}<>()",:;[\]\\]{1,64}@[^\s@\p{C}<>()",:;[\]\\]{1,190}\.[^\s@\p{C}<>()",:;[\]\\.]{1,63}$/u;

/** An e-mail address, without the space around it. */
export function EmailField(options: Omit<FieldOptions, 'description'>) {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    field({
      ...options,
      description: 'An e-mail address.',
      must: 'must be an e-mail address, such as ann@example.com',
      schema: { type: String, format: 'email', maxLength: 254 },
      isValid: (value) => typeof value === 'string' && value.length <= 254 && EMAIL.test(value),
    }),
  );
}

/** A password as it was typed; whether it is a good one is said elsewhere. */
export function PasswordField(options: Partial<FieldOptions> = {}) {
  return TextField({ required: true, max: 512, description: 'A password.', ...options });
}

/** What a browser's passkey has answered, as the WebAuthn library of the page gives it. */
export function PasskeyField(options: Omit<FieldOptions, 'description'>) {
  return JsonObjectField({ ...options, maxBytes: 16_384, description: "What the browser's passkey answered." });
}

/** What stands behind the # of a link. */
export function TokenField() {
  return TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' });
}
