import type { Directory, DirectoryProvider, DirectorySecretInput, IssuedDirectorySecret } from '@rollcall/sdk';
import { createDirectory } from '../../shared/api/portal-api';

export interface Configuration {
  provider: DirectoryProvider;
  /** What its first token is to be like. */
  token: DirectorySecretInput;
  /** Also beside a directory of the same provider. */
  another: boolean;
}

export interface ConfiguredDirectory {
  directory: Directory;
  /** null when the directory was made but no token of it came: the directory's page offers to generate one. */
  issued: IssuedDirectorySecret | null;
  /** Why no token came; it may have been made all the same. */
  failure: unknown;
}

/** Asks for the first token of a directory. */
export type IssueFirst = (wanted: {
  directoryId: string;
  token: DirectorySecretInput;
}) => Promise<IssuedDirectorySecret>;

/** Makes a directory and its first bearer token. Throws PortalError when the directory is not made. */
export async function configureDirectory(
  { provider, token, another }: Configuration,
  issueFirst: IssueFirst,
): Promise<ConfiguredDirectory> {
  const directory = await createDirectory(provider, another);
  try {
    return { directory, issued: await issueFirst({ directoryId: directory.id, token }), failure: null };
  } catch (failure) {
    return { directory, issued: null, failure };
  }
}
