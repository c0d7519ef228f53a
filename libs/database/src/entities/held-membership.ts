import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A membership of a held user that changed while its deprovisioning was held. */
@Entity('held_memberships')
export class HeldMembership {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'user_id' })
  userId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'group_id' })
  groupId: string;

  @Column({ type: 'boolean', name: 'is_member' })
  isMember: boolean;
}
