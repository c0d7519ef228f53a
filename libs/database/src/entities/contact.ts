import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organization } from './organization';

/** Somebody of an organization's IT who is told of failures. */
@Entity('contacts')
@Index('contacts_email', ['environmentId', 'organizationId', 'emailKey'], { unique: true })
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'contacts_environment_id_organization_id_fkey',
  onDelete: 'CASCADE',
})
export class Contact {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'text' })
  email: string;

  /** The address in lower case: nobody is told twice. */
  @Column({ type: 'text', collation: 'C', name: 'email_key' })
  emailKey: string;

  @Column({ type: 'text', default: '' })
  name: string;

  @Column({ type: 'timestamptz', name: 'unsubscribe_time', nullable: true })
  unsubscribeTime: Date | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;
}
