import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** A customer of the app owner. */
@Entity('organizations')
@Index('organizations_external_id', ['environmentId', 'externalId'], {
  unique: true,
  where: `external_id IS NOT NULL AND deleted_time IS NULL`,
})
@Index('organizations_id', ['id'])
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'organizations_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class Organization {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', name: 'display_name' })
  displayName: string;

  @Column({ type: 'text', collation: 'C', name: 'external_id', nullable: true })
  externalId: string | null;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  metadata: Record<string, unknown>;

  /** These three are the application's own: nothing here goes by them. */
  @Column({ type: 'text', nullable: true })
  slug: string | null;

  @Column({ type: 'text', name: 'logo_url', nullable: true })
  logoUrl: string | null;

  @Column({ type: 'text', name: 'region_code', nullable: true })
  regionCode: string | null;

  @Column({ type: 'boolean', name: 'dir_sync_enabled', default: false })
  dirSyncEnabled: boolean;

  /** The ids that other services gave it from which it was imported, by the service. */
  @Column({ type: 'jsonb', name: 'external_ids', default: () => `'{}'` })
  externalIds: Record<string, string>;

  /** When Directory Sync was switched last; null: never. */
  @Column({ type: 'timestamptz', name: 'dir_sync_changed_time', nullable: true })
  dirSyncChangedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;

  @Column({ type: 'timestamptz', name: 'deleted_time', nullable: true })
  deletedTime: Date | null;
}
