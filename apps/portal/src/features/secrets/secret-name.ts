import { t } from '@lingui/core/macro';
import type { DirectorySecret } from '@rollcall/sdk';

type Named = Pick<DirectorySecret, 'name' | 'secret_suffix'>;

/**
 * What a token is called in a sentence, after "the token": `“Okta” ending in AbC4`, `ending in AbC4`. Other languages have it in the form that
 * the README of the catalogues names.
 */
export function secretName({ name, secret_suffix: suffix }: Named): string {
  return name ? t`“${name}” ending in ${suffix}` : t`ending in ${suffix}`;
}

/** The same where there are tokens of several directories: `ending in AbC4 of Okta`. */
export function secretNameOf({ name, secret_suffix: suffix }: Named, directory: string): string {
  return name ? t`“${name}” ending in ${suffix} of ${directory}` : t`ending in ${suffix} of ${directory}`;
}

/** What would be lost with the page while nobody has copied it; `token` is what it is called, as by the others here. */
export function uncopiedSentence(token: string): string {
  return t`The token ${token} has not been copied.`;
}
