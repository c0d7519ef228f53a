import { Entity, Index, PrimaryColumn } from 'typeorm';

/** One of the terms by which a user (`user`) or group (`group`) is found, or a role that a user has (`role`), as published. */
@Entity('search_terms')
@Index('search_terms_resource', ['directoryId', 'id'])
export class SearchTerm {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  kind: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  term: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;
}
