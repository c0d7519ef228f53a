import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ErasureCounts, JobState } from '@rollcall/contract';
import { Organization } from './organization';

/** The erasure of a person, or of an organization: a job, and the receipt once it is finished. It has ids and no names. */
@Entity('erasures')
@ForeignKey(() => Organization, ['environmentId', 'organizationId'], ['environmentId', 'id'], {
  name: 'erasures_environment_id_organization_id_fkey',
})
@Index('erasures_subject', ['environmentId', 'organizationId', 'directoryId', 'userId'], { unique: true })
@Index('erasures_unfinished', ['id'], { where: `state <> 'finished'` })
@Check('erasures_state_check', `state IN ('pending', 'running', 'finished')`)
export class Erasure {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  /** '' = the whole organization. */
  @Column({ type: 'text', collation: 'C', name: 'directory_id', default: '' })
  directoryId: string;

  /** '' = the whole organization. */
  @Column({ type: 'text', collation: 'C', name: 'user_id', default: '' })
  userId: string;

  @Column({ type: 'text', default: 'pending' })
  state: JobState;

  /** What was removed or redacted so far, by kind. */
  @Column({ type: 'jsonb', default: {} })
  counts: ErasureCounts;

  /** Where the next step goes on, for the job alone. */
  @Column({ type: 'text', default: '' })
  position: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'finish_time', nullable: true })
  finishTime: Date | null;
}
