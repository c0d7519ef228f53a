import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** When the contacts of a directory's organization were last told something of it. */
@Entity('contact_alerts')
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'contact_alerts_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class ContactAlert {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text' })
  kind: string;

  @Column({ type: 'timestamptz', name: 'sent_time', default: () => 'now()' })
  sentTime: Date;

  /** When what reached nobody is tried again; null: they were told. */
  @Column({ type: 'timestamptz', name: 'put_off_until', nullable: true })
  putOffUntil: Date | null;
}
