import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Organization } from './organization';

/** An address whose owner wants no mails to the contacts of an organization, whoever adds it again. */
@Entity('unsubscribed_addresses')
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'unsubscribed_addresses_environment_id_organization_id_fkey',
  onDelete: 'CASCADE',
})
export class UnsubscribedAddress {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  /** Names the address without saying it. */
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'address_hash' })
  addressHash: string;

  @Column({ type: 'timestamptz', name: 'unsubscribe_time', default: () => 'now()' })
  unsubscribeTime: Date;
}
