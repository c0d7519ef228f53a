import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A SCIM User as stored; written by SQL functions only. */
@Entity('directory_users')
@Index('directory_users_user_name', ['directoryId', 'userNameKey'], { unique: true })
@Index('directory_users_external_id', ['directoryId', 'externalId'], { where: `external_id IS NOT NULL` })
@Index('directory_users_display_name', ['directoryId', 'displayNameKey'], { where: `display_name_key IS NOT NULL` })
@Index('directory_users_last_modified', ['directoryId', 'lastModified'])
@Index('directory_users_inactive', ['directoryId', 'id'], { where: `NOT active` })
export class DirectoryUser {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'user_name_key' })
  userNameKey: string;

  @Column({ type: 'text', collation: 'C', name: 'external_id', nullable: true })
  externalId: string | null;

  @Column({ type: 'text', collation: 'C', name: 'display_name_key', nullable: true })
  displayNameKey: string | null;

  @Column({ type: 'text', array: true, name: 'email_keys', default: () => `'{}'` })
  emailKeys: string[];

  @Column({ type: 'boolean' })
  active: boolean;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ type: 'timestamptz' })
  created: Date;

  @Column({ type: 'timestamptz', name: 'last_modified' })
  lastModified: Date;

  @Column({ type: 'jsonb' })
  resource: Record<string, unknown>;
}
