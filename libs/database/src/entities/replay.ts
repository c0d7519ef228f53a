import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ReplayState } from '@rollcall/contract';
import { WebhookEndpoint } from './webhook-endpoint';

/** A job that sends a range of an environment's events to one webhook endpoint once more; kept after its end. */
@Entity('replays')
@ForeignKey(() => WebhookEndpoint, ['environmentId', 'endpointId'], ['environmentId', 'id'], {
  name: 'replays_environment_id_endpoint_id_fkey',
  onDelete: 'CASCADE',
})
@Index('replays_endpoint', ['environmentId', 'endpointId', 'id'])
@Index('replays_unfinished', ['environmentId', 'endpointId'], { where: `state IN ('running', 'paused')` })
@Check('replays_state_check', `state IN ('running', 'paused', 'finished', 'canceled')`)
export class Replay {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'endpoint_id' })
  endpointId: string;

  @Column({ type: 'text', default: 'running' })
  state: ReplayState;

  /** Null = every directory. Both bounds of sequences and of times are inclusive; null = none. */
  @Column({ type: 'text', collation: 'C', name: 'directory_id', nullable: true })
  directoryId: string | null;

  @Column({ type: 'bigint', name: 'from_sequence', nullable: true })
  fromSequence: string | null;

  @Column({ type: 'bigint', name: 'to_sequence', nullable: true })
  toSequence: string | null;

  @Column({ type: 'timestamptz', name: 'from_time', nullable: true })
  fromTime: Date | null;

  @Column({ type: 'timestamptz', name: 'to_time', nullable: true })
  toTime: Date | null;

  /** Empty = all that the endpoint gets. */
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  types: string[];

  /** It sends the failed deliveries of these events again, and no others. */
  @Column({ type: 'boolean', name: 'failed_only', default: false })
  failedOnly: boolean;

  /** The directory's first event that was kept when the replay was made; null without a directory. */
  @Column({ type: 'bigint', name: 'oldest_sequence', nullable: true })
  oldestSequence: string | null;

  /** The range began before what was kept. */
  @Column({ type: 'boolean', name: 'events_expired', default: false })
  eventsExpired: boolean;

  /** pg_snapshot of its creation: events that were not committed then come by themselves. */
  @Column({ type: 'text' })
  snapshot: string;

  /** The keys of the last row that its scan has passed. */
  @Column({ type: 'text', array: true, nullable: true })
  position: string[] | null;

  /** The scan has reached the end of the range. */
  @Column({ type: 'boolean', default: false })
  scanned: boolean;

  @Column({ type: 'bigint' })
  total: string;

  /** Deliveries made so far. */
  @Column({ type: 'bigint', default: 0 })
  enqueued: string;

  /** Deliveries that had failed at its end. */
  @Column({ type: 'bigint', default: 0 })
  failed: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'finish_time', nullable: true })
  finishTime: Date | null;
}
