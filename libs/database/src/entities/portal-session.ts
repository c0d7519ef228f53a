import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organization } from './organization';

/** Why a session ended before its time: its admin left it or opened another, or the link that had opened it was revoked. */
export type PortalSessionEnd = 'left' | 'link_revoked';

/** A browser session of the Admin Portal. One that was ended is expired, and stays for a while to say why. */
@Entity('portal_sessions')
@Check('portal_sessions_end_reason_check', `end_reason IN ('left', 'link_revoked')`)
@Index('portal_sessions_expire_time', ['environmentId', 'expireTime'])
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

  @Column({ type: 'text', name: 'end_reason', nullable: true })
  endReason: PortalSessionEnd | null;
}
