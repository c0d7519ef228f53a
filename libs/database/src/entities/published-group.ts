import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A group as last published, with the sequence of that event. */
@Entity('published_groups')
export class PublishedGroup {
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
}
