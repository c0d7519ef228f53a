import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HoldState } from '@rollcall/directory';
import type { DeprovisionGuard } from '@rollcall/events';

/** Sequence and counts of a directory; the row that a drain locks. */
@Entity('directory_counters')
export class DirectoryCounter {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @Column({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'bigint', name: 'last_sequence', default: 0 })
  lastSequence: string;

  /** Rises when sequences may be given out again, as after a restore; see `raiseEpochs`. */
  @Column({ type: 'bigint', default: 1 })
  epoch: string;

  @Column({ type: 'bigint', name: 'total_users', default: 0 })
  totalUsers: string;

  @Column({ type: 'bigint', name: 'total_groups', default: 0 })
  totalGroups: string;

  @Column({ type: 'timestamptz', name: 'last_synced_at', nullable: true })
  lastSyncedAt: Date | null;

  /** When the first user, group, member, role that the provider sent and deactivation of a user were published; null: none was. */
  @Column({ type: 'timestamptz', name: 'first_user_time', nullable: true })
  firstUserTime: Date | null;

  @Column({ type: 'timestamptz', name: 'first_group_time', nullable: true })
  firstGroupTime: Date | null;

  @Column({ type: 'timestamptz', name: 'first_member_time', nullable: true })
  firstMemberTime: Date | null;

  @Column({ type: 'timestamptz', name: 'first_role_time', nullable: true })
  firstRoleTime: Date | null;

  @Column({ type: 'timestamptz', name: 'first_deactivation_time', nullable: true })
  firstDeactivationTime: Date | null;

  /** How often its search terms are still compared with what is published (`checkSearchTerms`), and when next. */
  @Column({ type: 'smallint', name: 'terms_checks_left', default: 2 })
  termsChecksLeft: number;

  @Column({ type: 'timestamptz', name: 'terms_check_time', default: () => 'now()' })
  termsCheckTime: Date;

  /** Null: the guard is off. */
  @Column({ type: 'jsonb', name: 'deprovision_guard', nullable: true })
  deprovisionGuard: DeprovisionGuard | null;

  /** Null while nothing was ever held. */
  @Column({ type: 'jsonb', nullable: true })
  deprovisioning: HoldState | null;
}
