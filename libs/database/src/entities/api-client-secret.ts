import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ApiClient } from './api-client';

/** A client secret with the API key beside it: they begin and end together. Both are stored as hashes. */
@Entity('api_client_secrets')
@Index('api_client_secrets_id', ['id'], { unique: true })
@Index('api_client_secrets_api_client', ['environmentId', 'apiClientId'])
@ForeignKey(() => ApiClient, ['environmentId', 'apiClientId'], ['environmentId', 'id'], {
  name: 'api_client_secrets_environment_id_api_client_id_fkey',
  onDelete: 'CASCADE',
})
export class ApiClientSecret {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  /** The bare id of the client, not its `client_id`. */
  @Column({ type: 'text', collation: 'C', name: 'api_client_id' })
  apiClientId: string;

  @Column({ type: 'text', name: 'secret_hash' })
  secretHash: string;

  /** Null: made before there were API keys, or by the first start. */
  @Column({ type: 'text', name: 'key_hash', nullable: true })
  keyHash: string | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  /** When it ends after a rotation; null: never. */
  @Column({ type: 'timestamptz', name: 'expire_time', nullable: true })
  expireTime: Date | null;
}
