import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The outbox: a resource as it was after one write, until the drain makes events of it. */
@Entity('changes')
@Index('changes_counted', ['directoryId'], { where: `users_delta <> 0 OR groups_delta <> 0` })
@Index('changes_set_aside', ['directoryId', 'resourceId', 'id'], { where: `set_aside_time IS NOT NULL` })
export class Change {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text', collation: 'C', name: 'resource_id' })
  resourceId: string;

  @Column({ type: 'jsonb', nullable: true })
  resource: Record<string, unknown> | null;

  @Column({ type: 'text', array: true, nullable: true })
  added: string[] | null;

  @Column({ type: 'text', array: true, nullable: true })
  removed: string[] | null;

  @Column({ type: 'smallint', name: 'users_delta', default: 0 })
  usersDelta: number;

  @Column({ type: 'smallint', name: 'groups_delta', default: 0 })
  groupsDelta: number;

  @Column({ type: 'timestamptz', name: 'occurred_at' })
  occurredAt: Date;

  @Column({ type: 'timestamptz', name: 'set_aside_time', nullable: true })
  setAsideTime: Date | null;

  @Column({ type: 'text', name: 'set_aside_error', nullable: true })
  setAsideError: string | null;

  /** The SCIM request that made it; null = none did. The functions that write set it for their transaction. */
  @Column({
    type: 'text',
    collation: 'C',
    name: 'request_id',
    nullable: true,
    default: () => `NULLIF(current_setting('rollcall.request_id', true), '')`,
  })
  requestId: string | null;
}
