import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Directory } from './directory';

/** An address of another service at which the identity provider of a directory goes on to reach it. */
@Entity('directory_aliases')
@Index('directory_aliases_alias', ['alias'], { unique: true })
@Index('directory_aliases_directory', ['environmentId', 'directoryId'])
@ForeignKey(() => Directory, ['environmentId', 'directoryId'], ['environmentId', 'id'], {
  name: 'directory_aliases_environment_id_directory_id_fkey',
  onDelete: 'CASCADE',
})
export class DirectoryAlias {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** What `aliasOf` of libs/directory makes of the address. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  alias: string;

  @Column({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
