import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { AssignmentRules, AttributeMapping } from '@rollcall/events';
import { Organization } from './organization';

/** A connection to one identity provider. Deleted ones stay as tombstones. */
@Entity('directories')
@Index('directories_unpurged', ['environmentId', 'id'], { where: `deleted_time IS NOT NULL AND purged_time IS NULL` })
@Index('directories_organization', ['environmentId', 'organizationId', 'id'])
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'directories_environment_id_organization_id_fkey',
})
export class Directory {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', name: 'directory_type' })
  directoryType: string;

  @Column({ type: 'text', name: 'directory_provider' })
  directoryProvider: string;

  @Column({ type: 'boolean', default: true })
  enabled: boolean;

  @Column({ type: 'boolean', name: 'strict_mode', default: false })
  strict: boolean;

  @Column({ type: 'timestamptz', name: 'first_request_time', nullable: true })
  firstRequestTime: Date | null;

  /** The first refusal of a token since one was accepted; null while the last was. */
  @Column({ type: 'timestamptz', name: 'refused_since', nullable: true })
  refusedSince: Date | null;

  /** When it was enabled or disabled last; null: never. */
  @Column({ type: 'timestamptz', name: 'enabled_changed_time', nullable: true })
  enabledChangedTime: Date | null;

  @Column({ type: 'jsonb', name: 'role_assignments', default: () => `'[]'` })
  roleAssignments: AssignmentRules['assignments'][number][];

  @Column({ type: 'jsonb', name: 'attribute_mappings', default: () => `'[]'` })
  attributeMappings: AttributeMapping[];

  /** The ids that other services gave it from which it was imported, by the service. */
  @Column({ type: 'jsonb', name: 'external_ids', default: () => `'{}'` })
  externalIds: Record<string, string>;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;

  @Column({ type: 'timestamptz', name: 'deleted_time', nullable: true })
  deletedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'purged_time', nullable: true })
  purgedTime: Date | null;
}
