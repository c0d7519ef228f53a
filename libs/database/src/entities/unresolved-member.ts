import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A member value that named nobody, kept for the administrator. */
@Entity('unresolved_members')
@Index('unresolved_members_value', ['directoryId', 'value'])
export class UnresolvedMember {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'group_id' })
  groupId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  value: string;

  @Column({ type: 'text' })
  cause: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
