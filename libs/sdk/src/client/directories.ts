import type { DirectorySecret, DirectorySecretInput, IssuedDirectorySecret } from '../api-types';
import { apiPath } from './api-url';
import type { ApiRequest, Connection, CreateOptions } from './connection';
import type { DirectoryDetail, DirectoryInput, DirectoryPatch } from '../api-types';
import { pagedList } from './paged-list';
import type { PagedList, PageSize } from './paged-list';
import { readSnapshot } from './read-snapshot';
import type { SnapshotRecord } from './read-snapshot';

/** An organization's connections to identity providers. */
export function directoryCalls(connection: Connection) {
  const send = async (request: ApiRequest) =>
    (await connection.json<{ directory: DirectoryDetail }>(request)).directory;
  const switchTo = async (action: 'enable' | 'disable', organizationId: string, directoryId: string) => {
    const path = `${apiPath`/organizations/${organizationId}/directories/${directoryId}`}:${action}`;
    return connection.json<{ enabled: boolean }>({ method: 'PATCH', path });
  };
  return {
    /** Enabled from the start, without a secret. */
    create: (
      organizationId: string,
      directory: DirectoryInput,
      options: CreateOptions = {},
    ): Promise<DirectoryDetail> =>
      send({
        method: 'POST',
        path: apiPath`/organizations/${organizationId}/directories`,
        body: { directory: { directory_type: 'SCIM', ...directory } },
        ...options,
      }),
    list: (organizationId: string, query: PageSize = {}): PagedList<DirectoryDetail> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories`,
        itemsKey: 'directories',
        query: { ...query },
      }),
    get: (organizationId: string, directoryId: string): Promise<DirectoryDetail> =>
      send({ path: apiPath`/organizations/${organizationId}/directories/${directoryId}` }),
    /** Merges: an absent key stays. */
    update: (organizationId: string, directoryId: string, patch: DirectoryPatch): Promise<DirectoryDetail> =>
      send({
        method: 'PATCH',
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}`,
        body: { directory: patch },
      }),
    enable: (organizationId: string, directoryId: string) => switchTo('enable', organizationId, directoryId),
    /** A disabled directory answers its identity provider 403. */
    disable: (organizationId: string, directoryId: string) => switchTo('disable', organizationId, directoryId),
    delete: (organizationId: string, directoryId: string): Promise<void> =>
      connection.json({ method: 'DELETE', path: apiPath`/organizations/${organizationId}/directories/${directoryId}` }),
    /** One consistent view of what has been published as events; `syncDirectory` puts it to use. */
    snapshot: (
      organizationId: string,
      directoryId: string,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ): AsyncGenerator<SnapshotRecord, void, undefined> =>
      readSnapshot(
        connection.stream({
          path: apiPath`/organizations/${organizationId}/directories/${directoryId}/snapshot`,
          signal,
        }),
      ),
  };
}

/** What `directoryCalls` answers. */
export type DirectoryCalls = ReturnType<typeof directoryCalls>;

/** The SCIM bearer tokens of a directory. */
export function directorySecretCalls(connection: Connection) {
  return {
    /**
     * A new token, shown this once.
     * @param secret `name`: what people call it; `expires_in` in seconds, absent = does not expire
     */
    create: (
      organizationId: string,
      directoryId: string,
      secret: DirectorySecretInput = {},
      options: CreateOptions = {},
    ): Promise<IssuedDirectorySecret> =>
      connection.json({
        method: 'POST',
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/secrets`,
        body: secret,
        ...options,
      }),
    /**
     * A new token in place of the one that `secret_id` names, or of every other active one; what is replaced keeps working for
     * `overlap_seconds` (default 0).
     */
    regenerate: (
      organizationId: string,
      directoryId: string,
      secret: DirectorySecretInput & { secret_id?: string; overlap_seconds?: number } = {},
      options: CreateOptions = {},
    ): Promise<IssuedDirectorySecret> =>
      connection.json({
        method: 'POST',
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/secrets:regenerate`,
        body: secret,
        ...options,
      }),
    list: (organizationId: string, directoryId: string, query: PageSize = {}): PagedList<DirectorySecret> =>
      pagedList(connection, {
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/secrets`,
        itemsKey: 'secrets',
        query: { ...query },
      }),
    /** From its answer on no process accepts the token. */
    revoke: (organizationId: string, directoryId: string, secretId: string): Promise<void> =>
      connection.json({
        method: 'DELETE',
        path: apiPath`/organizations/${organizationId}/directories/${directoryId}/secrets/${secretId}`,
      }),
  };
}

/** What `directorySecretCalls` answers. */
export type DirectorySecretCalls = ReturnType<typeof directorySecretCalls>;
