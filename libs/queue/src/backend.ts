import type { Processor } from 'bullmq';
import type { JobData, JobName } from './wake-ups';

/** A BullMQ queue, as far as hints need it. */
export interface JobQueue {
  /** Jobs of one key are merged while none of them has begun. */
  add(key: string, data: JobData): Promise<void>;
  close(): Promise<void>;
}

/** A BullMQ worker, as far as hints need it. */
export interface JobWorker {
  /** Rejects when it can never work: close it and make another. */
  waitUntilReady(): Promise<unknown>;
  /** Takes no new job and resolves when the running ones have ended. */
  close(): Promise<void>;
}

export interface WorkerSettings {
  readonly process: Processor<JobData, void>;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
}

/** Where BullMQ keeps its jobs: one per process. */
export interface Backend {
  readonly name: 'redis' | 'postgresql';
  openQueue(job: JobName): JobQueue;
  openWorker(job: JobName, settings: WorkerSettings): JobWorker;
  /** Rejects while it cannot be reached. */
  ping(): Promise<unknown>;
  /** Cuts the connections it has made, whatever is under way on them. */
  disconnect(): void;
}

/** Nothing of a finished job is kept, and BullMQ does not retry: a hint that failed is repeated by the sweeper. */
export const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** BullMQ's job options for a hint. While a job of the same key is active, the latest hint runs after it. */
export function jobOptions(key: string) {
  return { ...JOB_OPTIONS, deduplication: { id: key, keepLastIfActive: true } };
}

/** The events that BullMQ writes for each job are not read. */
export const QUEUE_OPTIONS = { streams: { events: { maxLen: 100 } } } as const;

/**
 * The job of a killed worker is taken over after at most `lockDuration` + `stalledInterval`, and not given up for
 * having been in several workers that were killed (`maxStalledCount`): its key would stay without an owner.
 */
export const WORKER_OPTIONS = {
  lockDuration: 5_000,
  stalledInterval: 1_000,
  maxStalledCount: 5,
  runRetryDelay: 1_000,
} as const;
