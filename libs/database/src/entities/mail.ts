import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { MailKind, MailState } from '@rollcall/contract';
import { Environment } from './environment';

/** A mail that was written in the transaction of what it tells, and is sent by the worker. */
@Entity('mails')
@Check('mails_state_check', `state IN ('pending', 'sent', 'failed')`)
@Index('mails_due', ['nextAttemptTime'], { where: `state = 'pending'` })
@Index('mails_address', ['addressHash', 'createTime'])
@Index('mails_environment', ['environmentId', 'createTime'])
@Index('mails_create_time', ['createTime'])
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'mails_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class Mail {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  /** Null: it concerns no single organization. */
  @Column({ type: 'text', collation: 'C', name: 'organization_id', nullable: true })
  organizationId: string | null;

  /** What it is about, as `portal_link`. */
  @Column({ type: 'text' })
  kind: MailKind;

  /** Names the address without saying it, so that it gets no more than its share. */
  @Column({ type: 'text', collation: 'C', name: 'address_hash' })
  addressHash: string;

  /** Recipient, subject and text; null once it was sent or given up. */
  @Column({ type: 'text', name: 'sealed_message', nullable: true })
  sealedMessage: string | null;

  @Column({ type: 'text', default: 'pending' })
  state: MailState;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  /** Also the end of the lease of a worker that is sending it. */
  @Column({ type: 'timestamptz', name: 'next_attempt_time', default: () => 'now()' })
  nextAttemptTime: Date;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  /** Not sent any more afterwards. */
  @Column({ type: 'timestamptz', name: 'expire_time' })
  expireTime: Date;

  @Column({ type: 'timestamptz', name: 'finish_time', nullable: true })
  finishTime: Date | null;

  /** Why the last attempt failed, without an address. */
  @Column({ type: 'text', nullable: true })
  failure: string | null;
}
