import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A user whose published access ended lately: what the deprovision guard counts. */
@Entity('deprovisionings')
@Index('deprovisionings_window', ['directoryId', 'windowId', 'time'])
export class Deprovisioning {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'user_id' })
  userId: string;

  /** A decision about a hold begins a new window. */
  @Column({ type: 'bigint', name: 'window_id' })
  windowId: string;

  @Column({ type: 'timestamptz' })
  time: Date;

  @Column({ type: 'boolean' })
  deleted: boolean;
}
