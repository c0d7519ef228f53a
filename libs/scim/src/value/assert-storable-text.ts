import type { ScimError } from '../scim-error';

/**
 * Refuses text that PostgreSQL cannot store as `text` or `jsonb`: U+0000 and half a surrogate pair.
 * @throws what `refusal` makes.
 */
export function assertStorableText(text: string, refusal: () => ScimError): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0) throw refusal();
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) throw refusal();
    index++;
  }
}
