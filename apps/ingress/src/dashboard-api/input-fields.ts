import { JsonObjectField, TextField } from '../management/input/fields';
import type { FieldOptions } from '../management/input/fields';

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
