import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WebhookEndpoint } from './webhook-endpoint';

/** The circuit breaker of an endpoint. */
@Entity('webhook_endpoint_health')
@ForeignKey(() => WebhookEndpoint, ['environmentId', 'endpointId'], ['environmentId', 'id'], {
  name: 'webhook_endpoint_health_environment_id_endpoint_id_fkey',
  onDelete: 'CASCADE',
})
export class WebhookEndpointHealth {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'endpoint_id' })
  endpointId: string;

  @Column({ type: 'jsonb', default: () => `'{}'` })
  health: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'cooling_until', nullable: true })
  coolingUntil: Date | null;
}
