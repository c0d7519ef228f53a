import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user as last published, with the sequence of that event. */
@Entity('published_users')
export class PublishedUser {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ type: 'text' })
  data: string;
}
