import { AppError, publicId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';

/** A webhook endpoint; bare ids. */
export interface EndpointToWake {
  readonly environmentId: string;
  readonly endpointId: string;
}

/**
 * Asks some worker to look after work. Each call returns at once and never throws: a wake-up may be lost, so send it after the
 * commit that makes the work findable. Those for the same directory or endpoint are merged as long as no worker has begun with
 * them; one that comes while a worker is at it makes it run once more.
 */
export interface WakeUps {
  /** The directory (bare id) has changes to turn into events. */
  drainDirectory(directoryId: string): void;
  /** The endpoint has deliveries that are due. */
  deliverEndpoint(endpoint: EndpointToWake): void;
}

/**
 * Does the work that wake-ups ask for. A handler finds out from the database what there is to do, and may find nothing.
 * `signal` aborts when the process has to end soon.
 */
export interface WakeUpHandlers {
  drainDirectory(directoryId: string, signal: AbortSignal): Promise<void>;
  deliverEndpoint(endpoint: EndpointToWake, signal: AbortSignal): Promise<void>;
}

/** Where the queue says that it went away or came back; a pino logger fits. */
export interface QueueLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** The queues that the wake-ups travel in. */
export const JOB_NAMES = ['drain-directory', 'deliver-endpoint'] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** What a job carries: ids only. */
export type JobData = Readonly<Record<string, string>>;

export function writeDirectory(directoryId: string): JobData {
  return { directory_id: directoryId };
}

const PREFIXES: Readonly<Record<string, IdPrefix>> = { directory_id: 'dir', environment_id: 'env', endpoint_id: 'whe' };

/** What a job carries as the log shows it. */
export function nameSubject(data: JobData): JobData {
  const named = Object.entries(data).map(([name, id]) => {
    const prefix = PREFIXES[name];
    return [name, prefix ? publicId(prefix, id) : id] as const;
  });
  return Object.fromEntries(named);
}

/** Throws AppError `malformed_wake_up`. */
export function readDirectory(data: JobData): string {
  return readId(data, 'directory_id');
}

export function writeEndpoint({ environmentId, endpointId }: EndpointToWake): JobData {
  return { environment_id: environmentId, endpoint_id: endpointId };
}

/** Throws AppError `malformed_wake_up`. */
export function readEndpoint(data: JobData): EndpointToWake {
  return { environmentId: readId(data, 'environment_id'), endpointId: readId(data, 'endpoint_id') };
}

/** A job may come from another version of the program: what it does not name is refused, never taken for something else. */
function readId(data: Readonly<Record<string, unknown>>, name: string): string {
  const id = data[name];
  if (typeof id === 'string' && id !== '') return id;
  throw new AppError({
    kind: 'internal',
    code: 'malformed_wake_up',
    message: 'A wake-up names nothing to look after.',
    internal: `${name} is missing`,
  });
}
