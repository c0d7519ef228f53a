import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** How an environment's portal looks, whom its readers may ask, and which pages may frame it. */
@Entity('portal_settings')
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'portal_settings_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class PortalSettings {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** What the app is called. */
  @Column({ type: 'text', name: 'display_name', nullable: true })
  displayName: string | null;

  /** Where the logo was fetched from. */
  @Column({ type: 'text', name: 'logo_url', nullable: true })
  logoUrl: string | null;

  /** The stored copy of it. */
  @Column({ type: 'text', collation: 'C', name: 'logo_id', nullable: true })
  logoId: string | null;

  /** `#rrggbb`. */
  @Column({ type: 'text', name: 'accent_color', nullable: true })
  accentColor: string | null;

  @Column({ type: 'text', name: 'support_contact', nullable: true })
  supportContact: string | null;

  @Column({ type: 'text', array: true, name: 'allowed_origins', default: () => `'{}'` })
  allowedOrigins: string[];

  @Column({ type: 'boolean', name: 'admin_may_map_roles', default: false })
  adminMayMapRoles: boolean;

  @Column({ type: 'boolean', name: 'admin_may_map_attributes', default: false })
  adminMayMapAttributes: boolean;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;
}
