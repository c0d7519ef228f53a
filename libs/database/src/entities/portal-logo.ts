import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** The copy of an app owner's logo that the portal shows. */
@Entity('portal_logos')
@Index('portal_logos_id', ['id'], { unique: true })
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'portal_logos_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class PortalLogo {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** New for each copy, so that its address can be kept for ever. */
  @Column({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', name: 'media_type' })
  mediaType: string;

  @Column({ type: 'bytea' })
  content: Buffer;
}
