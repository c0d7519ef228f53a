import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Directory } from './directory';

/** A SCIM bearer token as its hash. */
@Entity('directory_secrets')
@Index('directory_secrets_directory', ['environmentId', 'directoryId'])
@Index('directory_secrets_expiring', ['expireTime'], { where: 'expire_time IS NOT NULL AND revoked_time IS NULL' })
@ForeignKey(() => Directory, ['environmentId', 'directoryId'], ['environmentId', 'id'], {
  name: 'directory_secrets_environment_id_directory_id_fkey',
  onDelete: 'CASCADE',
})
export class DirectorySecret {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @Column({ type: 'text', name: 'secret_hash' })
  secretHash: string;

  @Column({ type: 'integer', name: 'secret_version', default: 1 })
  secretVersion: number;

  @Column({ type: 'text', name: 'secret_suffix' })
  secretSuffix: string;

  /** What people call it. */
  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'expire_time', nullable: true })
  expireTime: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_time', nullable: true })
  revokedTime: Date | null;

  /** When another one took its place, which leaves it to end at its `expireTime`. */
  @Column({ type: 'timestamptz', name: 'replaced_time', nullable: true })
  replacedTime: Date | null;

  /** The bare id of the one that took its place and ends it once that alone is in use; null: its `expireTime` does. */
  @Column({ type: 'text', collation: 'C', name: 'retired_by', nullable: true })
  retiredBy: string | null;

  @Column({ type: 'timestamptz', name: 'first_used_time', nullable: true })
  firstUsedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'last_used_time', nullable: true })
  lastUsedTime: Date | null;

  /** The smallest number of days before `expireTime` of which was warned. */
  @Column({ type: 'smallint', name: 'expiry_warned_days', nullable: true })
  expiryWarnedDays: number | null;
}
