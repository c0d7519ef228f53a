import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ApiScope } from '@rollcall/contract';
import { Environment } from './environment';
import { Organization } from './organization';

/** Whoever calls the management API: an application of the owner. */
@Entity('api_clients')
@Index('api_clients_client_id', ['clientId'], { unique: true })
@Index('api_clients_organization', ['environmentId', 'organizationId'])
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'api_clients_environment_id_organization_id_fkey',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'api_clients_environment_id_fkey',
  onDelete: 'CASCADE',
})
@Check('api_clients_scopes_check', `scopes <> '{}' AND scopes <@ '{read,write}'`)
export class ApiClient {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'client_id' })
  clientId: string;

  @Column({ type: 'text', default: 'First client' })
  name: string;

  /** At least one; who may write may read too. */
  @Column({ type: 'text', array: true, default: ['read', 'write'] })
  scopes: ApiScope[];

  /** The one organization that the client is for; null: all of the environment. */
  @Column({ type: 'text', collation: 'C', name: 'organization_id', nullable: true })
  organizationId: string | null;

  /** For programs of the version before: a client's secrets are its `ApiClientSecret`s. */
  @Column({ type: 'text', name: 'secret_hash', nullable: true })
  secretHash: string | null;

  /** For programs of the version before. */
  @Column({ type: 'integer', name: 'secret_version', default: 1 })
  secretVersion: number;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  /** Written at most once a minute. */
  @Column({ type: 'timestamptz', name: 'last_used_time', nullable: true })
  lastUsedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_time', nullable: true })
  revokedTime: Date | null;
}
