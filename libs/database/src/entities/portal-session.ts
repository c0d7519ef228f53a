import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organization } from './organization';

/** A browser session of the Admin Portal. */
@Entity('portal_sessions')
@Index('portal_sessions_organization', ['environmentId', 'organizationId'])
@Index('portal_sessions_token_hash', ['tokenHash'], { unique: true })
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'portal_sessions_environment_id_organization_id_fkey',
  onDelete: 'CASCADE',
})
export class PortalSession {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'text', collation: 'C', name: 'link_id' })
  linkId: string;

  @Column({ type: 'text', collation: 'C', name: 'token_hash' })
  tokenHash: string;

  @Column({ type: 'text', array: true })
  features: string[];

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'expire_time' })
  expireTime: Date;
}
