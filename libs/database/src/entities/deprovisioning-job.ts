import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { HoldAction, JobState } from '@rollcall/contract';

/** A decision about held users, carried out in slices by the drain. */
@Entity('deprovisioning_jobs')
@Check('deprovisioning_jobs_action_check', `action IN ('release', 'discard')`)
@Check('deprovisioning_jobs_state_check', `state IN ('pending', 'running', 'finished')`)
export class DeprovisioningJob {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  /** The hold whose users it is about. */
  @PrimaryColumn({ type: 'bigint', name: 'hold_id' })
  holdId: string;

  @Column({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** The `deprovisioning_decided` row that drives it. */
  @Column({ type: 'bigint', name: 'change_id' })
  changeId: string;

  @Column({ type: 'text' })
  action: HoldAction;

  @Column({ type: 'text', default: 'pending' })
  state: JobState;

  @Column({ type: 'bigint' })
  total: string;

  @Column({ type: 'bigint', default: 0 })
  done: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'finish_time', nullable: true })
  finishTime: Date | null;
}
