import { readFile } from 'node:fs/promises';
import { isForeignToken } from '@rollcall/directory';
import { StartError } from '@rollcall/embedded-postgres';

/** How an identity provider reaches a directory at the service that it is imported from. */
export interface KnownToken {
  readonly directoryId: string;
  readonly token: string;
  /** Where it sends to; null: where the service says. */
  readonly address: string | null;
}

/**
 * The bearer tokens of a file: on each line the id that the service gave the directory, the token, and, where the service does not tell
 * it, the address, separated by spaces or commas. `#` begins a comment. Throws a StartError that names a line and nothing of it.
 */
export async function readTokens(path: string | undefined): Promise<KnownToken[]> {
  if (path === undefined) return [];
  const content = await readFile(path, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new StartError(`The file ${path} cannot be read (${code}).`);
  });
  return content.split('\n').flatMap((line, index) => {
    const parts = line.trim().split(/[\s,]+/);
    if (line.trim() === '' || line.trim().startsWith('#')) return [];
    const [directoryId = '', token = '', address = null] = parts;
    if (parts.length > 3 || !isForeignToken(token) || (address !== null && !URL.canParse(address))) {
      throw new StartError(
        `Line ${index + 1} of ${path} must be the id of a directory, its bearer token of 24 to 512 characters and, if need be, its SCIM address.`,
      );
    }
    return [{ directoryId, token, address }];
  });
}
