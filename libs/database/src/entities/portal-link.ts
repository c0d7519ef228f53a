import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organization } from './organization';

/** A single-use link to the Admin Portal; the token exists only as its hash. */
@Entity('portal_links')
@Index('portal_links_expire_time', ['environmentId', 'expireTime'])
@Index('portal_links_organization', ['environmentId', 'organizationId'])
@Index('portal_links_token_hash', ['tokenHash'], { unique: true })
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'portal_links_environment_id_organization_id_fkey',
  onDelete: 'CASCADE',
})
export class PortalLink {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'text', collation: 'C', name: 'token_hash' })
  tokenHash: string;

  @Column({ type: 'text', array: true })
  features: string[];

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'expire_time' })
  expireTime: Date;

  @Column({ type: 'timestamptz', name: 'consumed_time', nullable: true })
  consumedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_time', nullable: true })
  revokedTime: Date | null;

  /** To whom it was mailed: it opens only with a code that is sent there too. */
  @Column({ type: 'text', nullable: true })
  email: string | null;

  /** Of the code that was sent last; null before the first. */
  @Column({ type: 'text', name: 'code_hash', nullable: true })
  codeHash: string | null;

  @Column({ type: 'timestamptz', name: 'code_sent_time', nullable: true })
  codeSentTime: Date | null;

  @Column({ type: 'timestamptz', name: 'code_expire_time', nullable: true })
  codeExpireTime: Date | null;

  /** Tries with that code. */
  @Column({ type: 'integer', name: 'code_attempts', default: 0 })
  codeAttempts: number;

  @Column({ type: 'integer', name: 'codes_sent', default: 0 })
  codesSent: number;
}
