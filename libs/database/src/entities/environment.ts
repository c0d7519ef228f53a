import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { OwnLimits } from '@rollcall/platform';

/** One app owner's isolated tenant. Its default role is named by table, because roles refer to their environment. */
@Entity('environments')
@ForeignKey('roles', ['id', 'defaultMemberRole'], ['environmentId', 'roleName'], {
  name: 'environments_default_member_role_fkey',
})
export class Environment {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  /** The role of users whom no group or attribute gives one. */
  @Column({ type: 'text', collation: 'C', name: 'default_member_role', nullable: true })
  defaultMemberRole: string | null;

  /** Rate limits of its own; null = those of the processes. */
  @Column({ type: 'jsonb', nullable: true })
  limits: OwnLimits | null;

  /** Whether the request log keeps bodies whole but for secrets; otherwise it keeps the values of a short list of attributes. */
  @Column({ type: 'boolean', name: 'keep_request_bodies', default: false })
  keepRequestBodies: boolean;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
