import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Directory } from './directory';

/** A link that hands the setting up of one directory over to a colleague; what opens it exists only as hashes. */
@Entity('hand_overs')
@Index('hand_overs_directory', ['environmentId', 'directoryId'])
@Index('hand_overs_expire_time', ['environmentId', 'expireTime'])
@Index('hand_overs_token_hash', ['tokenHash'], { unique: true })
@Index('hand_overs_page_hash', ['pageHash'], { unique: true })
@ForeignKey(() => Directory, ['environmentId', 'directoryId'], ['environmentId', 'id'], {
  name: 'hand_overs_environment_id_directory_id_fkey',
  onDelete: 'CASCADE',
})
export class HandOver {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text', collation: 'C', name: 'organization_id' })
  organizationId: string;

  @Column({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  /** Of the token in the link. */
  @Column({ type: 'text', collation: 'C', name: 'token_hash' })
  tokenHash: string;

  /** Of what the page that has shown the bearer token goes on with; null until then. */
  @Column({ type: 'text', collation: 'C', name: 'page_hash', nullable: true })
  pageHash: string | null;

  /** The bare id of the bearer token that was shown; null until then. */
  @Column({ type: 'text', collation: 'C', name: 'secret_id', nullable: true })
  secretId: string | null;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;

  @Column({ type: 'timestamptz', name: 'expire_time' })
  expireTime: Date;

  /** When it was opened first. */
  @Column({ type: 'timestamptz', name: 'opened_time', nullable: true })
  openedTime: Date | null;

  @Column({ type: 'timestamptz', name: 'token_shown_time', nullable: true })
  tokenShownTime: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_time', nullable: true })
  revokedTime: Date | null;
}
