import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** A request of the management API that is done once however often it is sent. */
@Entity('idempotency_keys')
@Index('idempotency_keys_create_time', ['createTime'])
@Index('idempotency_keys_environment', ['environmentId', 'createTime'])
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'idempotency_keys_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class IdempotencyKey {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** Of the key and of whose it is: two senders never meet in one. */
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'key_hash' })
  keyHash: string;

  @Column({ type: 'text', collation: 'C', name: 'request_hash' })
  requestHash: string;

  /** Names the request that is doing it. */
  @Column({ type: 'text', collation: 'C' })
  claim: string;

  /** When whoever was doing it has died, unless it was carried out. */
  @Column({ type: 'timestamptz', name: 'claimed_until' })
  claimedUntil: Date;

  /** Set in the transaction of what the request changes. */
  @Column({ type: 'boolean', name: 'carried_out', default: false })
  carriedOut: boolean;

  /** HTTP status of the answer; null until it is kept. */
  @Column({ type: 'integer', nullable: true })
  status: number | null;

  @Column({ type: 'text', name: 'sealed_answer', nullable: true })
  sealedAnswer: string | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
