import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One member of one group. */
@Entity('memberships')
@Index('memberships_member', ['directoryId', 'memberId', 'groupId'])
@Check('memberships_member_type_check', `member_type IN ('User', 'Group')`)
export class Membership {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'group_id' })
  groupId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'member_id' })
  memberId: string;

  @Column({ type: 'text', name: 'member_type' })
  memberType: string;
}
