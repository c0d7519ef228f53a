import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Deactivation, Dialect, Ordering } from '@rollcall/contract';
import { Environment } from './environment';

/** Where an app owner receives events. */
@Entity('webhook_endpoints')
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'webhook_endpoints_environment_id_fkey',
  onDelete: 'CASCADE',
})
@Check('webhook_endpoints_ordering_check', `ordering IN ('resource', 'fifo', 'none')`)
@Check('webhook_endpoints_rate_limit_check', `rate_limit > 0`)
@Check('webhook_endpoints_dialect_check', `dialect IN ('scalekit', 'workos')`)
@Check('webhook_endpoints_deactivation_check', `deactivation IN ('delete', 'update')`)
export class WebhookEndpoint {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text' })
  url: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ type: 'text', array: true, name: 'event_types', default: () => `'{}'` })
  eventTypes: string[];

  @Column({ type: 'text', array: true, name: 'organization_ids', default: () => `'{}'` })
  organizationIds: string[];

  @Column({ type: 'text', default: 'resource' })
  ordering: Ordering;

  /** Attempts per second; null = as fast as the endpoint takes them. */
  @Column({ type: 'integer', name: 'rate_limit', nullable: true })
  rateLimit: number | null;

  /** In whose form it gets events; null = as they are stored. */
  @Column({ type: 'text', nullable: true })
  dialect: Dialect | null;

  /** How its dialect tells a deactivation; null = as the dialect's origin does. */
  @Column({ type: 'text', nullable: true })
  deactivation: Deactivation | null;

  @Column({ type: 'boolean', default: true })
  enabled: boolean;

  @Column({ type: 'text', name: 'disabled_reason', nullable: true })
  disabledReason: string | null;

  /** When it was last enabled after having been disabled. */
  @Column({ type: 'timestamptz', name: 'enabled_time', nullable: true })
  enabledTime: Date | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;
}
