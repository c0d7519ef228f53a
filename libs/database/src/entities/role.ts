import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** A role of the app owner's application. */
@Entity('roles')
@Index('roles_role_key', ['environmentId', 'roleKey'], { unique: true })
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'roles_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class Role {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'role_name' })
  roleName: string;

  /** The name folded by case: two roles must not differ in case only. */
  @Column({ type: 'text', collation: 'C', name: 'role_key' })
  roleKey: string;

  @Column({ type: 'text', name: 'display_name' })
  displayName: string;

  @Column({ type: 'text', default: '' })
  description: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'update_time', default: () => 'now()' })
  updateTime: Date;
}
