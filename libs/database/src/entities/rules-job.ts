import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JobState } from '@rollcall/contract';

/** The pass that applies a directory's newest rules to its published users; one row per directory, kept after its end. */
@Entity('rules_jobs')
@Index('rules_jobs_environment', ['environmentId', 'directoryId'])
@Check('rules_jobs_state_check', `state IN ('pending', 'running', 'finished')`)
export class RulesJob {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @Column({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** The `rules_changed` row that drives it; an earlier one was superseded. */
  @Column({ type: 'bigint', name: 'change_id' })
  changeId: string;

  @Column({ type: 'text', default: 'pending' })
  state: JobState;

  @Column({ type: 'bigint' })
  total: string;

  @Column({ type: 'bigint', default: 0 })
  done: string;

  /** The last user whom it has passed; the next slice begins behind it. */
  @Column({ type: 'text', collation: 'C', name: 'last_user_id', default: '' })
  lastUserId: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'finish_time', nullable: true })
  finishTime: Date | null;
}
