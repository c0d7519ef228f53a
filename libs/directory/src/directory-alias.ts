import { idOf, timeOfId } from '@rollcall/platform';

/** Where other services have the SCIM endpoints of their directories: the part that names one, and what follows it. */
const ADDRESSES = [
  // https://<environment>.scalekit.com/directory/dir_…/scim/v2
  { service: 'scalekit', form: /^\/directory\/([\w.-]{1,128})\/scim\/v2(?=[/?]|$)/ },
  // https://api.workos.com/scim/v2.0/…
  { service: 'workos', form: /^\/scim\/v2\.0\/([\w.-]{1,128})(?=[/?]|$)/ },
] as const;

/** A service that an environment can be imported from. */
export type ImportedService = (typeof ADDRESSES)[number]['service'];

export const IMPORTED_SERVICES: readonly ImportedService[] = ADDRESSES.map(({ service }) => service);

/**
 * The directory that a path of another service's SCIM endpoint names, as `scalekit.dir_123`, and what of the path is behind the endpoint;
 * null for any other path. Takes no longer for a long path than for a short one.
 */
export function readAlias(path: string): { alias: string; rest: string } | null {
  for (const { service, form } of ADDRESSES) {
    const found = form.exec(path);
    if (found) return { alias: `${service}.${found[1]}`, rest: path.slice(found[0].length) };
  }
  return null;
}

/** Whether the key of a SCIM URL is an alias and no directory's id. */
export function isAlias(key: string): boolean {
  return key.includes('.');
}

const TOKEN = /^[\x21-\x7e]{24,512}$/;

/**
 * Whether a text can be the bearer token of another service: what a header takes, and so long that one made at random is not guessed. How
 * it was made cannot be seen of it.
 */
export function isForeignToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * The bare id of a user or a group that was imported into a directory, from its id at the other service: the same for everybody who asks,
 * so that it is found again without a look-up. When it was made there is not known: of all times it has that of the directory.
 */
export function importedId(directoryId: string, foreignId: string): string {
  return idOf(timeOfId(directoryId).getTime(), `${directoryId} ${foreignId}`);
}
