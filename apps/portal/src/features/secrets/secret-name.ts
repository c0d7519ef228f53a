import type { DirectorySecret } from '@rollcall/sdk';

/** What a token is called in a sentence, after "the token": `“Okta” ending in AbC4`, `ending in AbC4`. */
export function secretName({ name, secret_suffix }: Pick<DirectorySecret, 'name' | 'secret_suffix'>): string {
  const ending = `ending in ${secret_suffix}`;
  return !name ? ending : `“${name}” ${ending}`;
}
