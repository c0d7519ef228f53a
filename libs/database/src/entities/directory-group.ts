import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A SCIM Group as stored, members apart; written by SQL functions only. */
@Entity('directory_groups')
@Index('directory_groups_display_name', ['directoryId', 'displayNameKey'], { unique: true })
@Index('directory_groups_external_id', ['directoryId', 'externalId'], { where: `external_id IS NOT NULL` })
@Index('directory_groups_last_modified', ['directoryId', 'lastModified'])
export class DirectoryGroup {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'display_name_key' })
  displayNameKey: string;

  @Column({ type: 'text', collation: 'C', name: 'external_id', nullable: true })
  externalId: string | null;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ type: 'timestamptz' })
  created: Date;

  @Column({ type: 'timestamptz', name: 'last_modified' })
  lastModified: Date;

  @Column({ type: 'jsonb' })
  resource: Record<string, unknown>;
}
