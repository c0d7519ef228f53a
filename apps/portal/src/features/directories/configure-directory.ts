import type { Directory, DirectoryProvider, DirectorySecretInput, IssuedDirectorySecret } from '@rollcall/sdk';
import { createDirectory, createSecret } from '../../shared/api/portal-api';

export interface Configuration {
  provider: DirectoryProvider;
  /** What its first token is to be like. */
  token: DirectorySecretInput;
  /** Also beside a directory of the same provider. */
  another: boolean;
}

export interface ConfiguredDirectory {
  directory: Directory;
  /** null when the directory was made but its token was not: the directory's page offers to generate one. */
  issued: IssuedDirectorySecret | null;
}

/** Makes a directory and its first bearer token. Throws PortalError when the directory is not made. */
export async function configureDirectory({ provider, token, another }: Configuration): Promise<ConfiguredDirectory> {
  const directory = await createDirectory(provider, another);
  try {
    return { directory, issued: await createSecret(directory.id, token) };
  } catch {
    return { directory, issued: null };
  }
}
