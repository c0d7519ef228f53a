import { Entity, Index, PrimaryColumn } from 'typeorm';

/** A membership as last published. */
@Entity('published_memberships')
@Index('published_memberships_user', ['directoryId', 'userId', 'groupId'])
export class PublishedMembership {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'group_id' })
  groupId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'user_id' })
  userId: string;
}
