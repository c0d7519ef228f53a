import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RefusalReason } from '@rollcall/contract';

/** What a directory's identity provider was refused for one reason: how often and when. */
@Entity('directory_refusals')
export class DirectoryRefusal {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text' })
  reason: RefusalReason;

  @Column({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** The HTTP status of the last one. */
  @Column({ type: 'smallint' })
  status: number;

  @Column({ type: 'text', name: 'scim_type', nullable: true })
  scimType: string | null;

  @Column({ type: 'bigint' })
  count: string;

  @Column({ type: 'timestamptz', name: 'first_time' })
  firstTime: Date;

  @Column({ type: 'timestamptz', name: 'last_time' })
  lastTime: Date;
}
