import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** A client of the OAuth token endpoint. */
@Entity('api_clients')
@Index('api_clients_client_id', ['clientId'], { unique: true })
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'api_clients_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class ApiClient {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'client_id' })
  clientId: string;

  @Column({ type: 'text', name: 'secret_hash' })
  secretHash: string;

  @Column({ type: 'integer', name: 'secret_version', default: 1 })
  secretVersion: number;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'revoked_time', nullable: true })
  revokedTime: Date | null;
}
