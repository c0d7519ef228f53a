import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WebhookEndpoint } from './webhook-endpoint';

/** What attempts leave behind at an endpoint: its circuit breaker, its rate limit's account, what was announced about it. */
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

  /** Where the account of the rate limit stands; null = nothing was sent under one. */
  @Column({ type: 'timestamptz', name: 'next_send_time', nullable: true })
  nextSendTime: Date | null;

  @Column({ type: 'timestamptz', name: 'exhausted_told_time', nullable: true })
  exhaustedAnnouncedTime: Date | null;

  /** Deliveries exhausted since then. */
  @Column({ type: 'integer', name: 'exhausted_untold', default: 0 })
  exhaustedUnannounced: number;

  /** Deliveries may stand at a later time because an earlier one of their resource holds them up. */
  @Column({ type: 'boolean', default: false })
  deferring: boolean;
}
