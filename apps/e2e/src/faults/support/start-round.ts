import { ORDERINGS } from '@rollcall/contract';
import type { Ordering } from '@rollcall/contract';
import { type Receiver, startReceiver, waitUntil } from '@rollcall/testing';
import { createDirectory, type ReadyDirectory } from '../../support/create-directory';
import { readAllEvents } from '../../support/read-all-events';
import type { FaultSystem } from './start-fault-system';

/** A webhook endpoint and who receives what goes to it. */
export interface RoundEndpoint {
  readonly id: string;
  readonly ordering: Ordering;
  readonly secret: string;
  readonly receiver: Receiver;
}

/** One fault's directories, whose events go to its own endpoints and to no others. */
export interface Round {
  readonly system: FaultSystem;
  readonly directories: readonly ReadyDirectory[];
  readonly endpoints: readonly RoundEndpoint[];
  stop(): Promise<void>;
}

const DIRECTORIES = 3;

/** Makes directories, and an endpoint of each ordering with a receiver of its own. */
export async function startRound(system: FaultSystem): Promise<Round> {
  const directories = await makeDirectories(system);
  return { system, ...(await startEndpoints(directories)) };
}

/** An endpoint of each ordering for the events of these directories alone, with a receiver of its own. */
export async function startEndpoints(directories: readonly ReadyDirectory[]): Promise<Omit<Round, 'system'>> {
  const endpoints = await Promise.all(
    ORDERINGS.map(async (ordering) => {
      const receiver = await startReceiver();
      return { ...(await addEndpoint(directories, { url: receiver.url, ordering })), receiver };
    }),
  );
  return {
    directories,
    endpoints,
    stop: async () => void (await Promise.all(endpoints.map(({ receiver }) => receiver.stop()))),
  };
}

/** New directories whose own creation has been published, so that it is no event of an endpoint made from now on. */
export async function makeDirectories(
  system: Pick<FaultSystem, 'baseUrl' | 'bootstrap'>,
  count = DIRECTORIES,
): Promise<ReadyDirectory[]> {
  const directories = await Promise.all(Array.from({ length: count }, () => createDirectory(system)));
  for (const directory of directories) {
    const isPublished = async () => (await readAllEvents(directory)).length > 0;
    await waitUntil(isPublished, { what: 'the event of a new directory' });
  }
  return directories;
}

/** An endpoint for the events of these directories alone. */
export async function addEndpoint(
  directories: readonly ReadyDirectory[],
  { url, ordering }: { url: string; ordering: Ordering },
): Promise<Omit<RoundEndpoint, 'receiver'>> {
  const [{ api }] = directories as [ReadyDirectory];
  const { webhook_endpoint: endpoint, secret } = await api<{ webhook_endpoint: { id: string }; secret: string }>(
    'POST',
    '/webhook_endpoints',
    { url, ordering, organization_ids: directories.map(({ organizationId }) => organizationId) },
  );
  return { id: endpoint.id, ordering, secret };
}
