import type { ReadOtherForm } from '../input/other-forms';

/** Providers that Scalekit has and Rollcall has not, by the names that admins know them by. */
const OTHERS: ReadonlyMap<unknown, string> = new Map([
  ['GOOGLE', 'Google'],
  ['AUTH0', 'Auth0'],
]);

/** What the description of the field says of them. */
export const PROVIDER_DESCRIPTION = `The identity provider. ${[...OTHERS.keys()].map((id) => `\`${String(id)}\``).join(' and ')}, as Scalekit has them, become \`CUSTOM\`.`;

/** A new directory of one of them: a custom one, under the name that the admin knows unless it is given another. */
export const namedByOtherProvider: ReadOtherForm = (directory) => {
  const name = OTHERS.get(directory['directory_provider']);
  return name === undefined ? directory : { name, ...directory, directory_provider: 'CUSTOM' };
};

/** A change to one of them: to a custom one, whatever the directory is called. */
export const withoutOtherProvider: ReadOtherForm = (directory) =>
  OTHERS.has(directory['directory_provider']) ? { ...directory, directory_provider: 'CUSTOM' } : directory;
