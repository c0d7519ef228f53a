import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A published user whose deprovisioning is held, or was discarded. */
@Entity('held_users')
@Index('held_users_hold', ['directoryId', 'holdId', 'userId'])
export class HeldUser {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'user_id' })
  userId: string;

  /** The change that began the hold, or the decision that took the user out of it; null after a discard. */
  @Column({ type: 'bigint', name: 'hold_id', nullable: true })
  holdId: string | null;

  /** The user as last written, null for deleted. */
  @Column({ type: 'jsonb', nullable: true })
  resource: Record<string, unknown> | null;

  @Column({ type: 'timestamptz', name: 'held_time' })
  heldTime: Date;
}
