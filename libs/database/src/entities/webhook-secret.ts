import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WebhookEndpoint } from './webhook-endpoint';

/** A signing secret, sealed under the secret key. */
@Entity('webhook_secrets')
@ForeignKey(() => WebhookEndpoint, ['environmentId', 'endpointId'], ['environmentId', 'id'], {
  name: 'webhook_secrets_environment_id_endpoint_id_fkey',
  onDelete: 'CASCADE',
})
export class WebhookSecret {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'endpoint_id' })
  endpointId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', name: 'sealed_secret' })
  sealedSecret: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'expire_time', nullable: true })
  expireTime: Date | null;
}
