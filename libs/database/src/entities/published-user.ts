import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A user as last published, with the sequence of that event. */
@Entity('published_users')
@Index('published_users_name', ['directoryId', 'nameKey', 'id'])
@Index('published_users_email', ['directoryId', 'emailKey', 'id'])
export class PublishedUser {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ type: 'text' })
  data: string;

  /** The sequence of what its search terms were made of; another one than its own: a worker from before there were any published it. */
  @Column({ type: 'bigint', name: 'terms_sequence', nullable: true })
  termsSequence: string | null;

  /** By what users are put in order (`userNameKey`, `userEmailKey` of libs/directory). */
  @Column({ type: 'text', collation: 'C', name: 'name_key', default: '' })
  nameKey: string;

  @Column({ type: 'text', collation: 'C', name: 'email_key', default: '' })
  emailKey: string;
}
