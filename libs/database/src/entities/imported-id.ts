import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Environment } from './environment';

/** An id that an organization or a directory had at the service from which it was imported, to find it by; a deleted one's too. */
@Entity('imported_ids')
@ForeignKey(() => Environment, ['environmentId'], ['id'], {
  name: 'imported_ids_environment_id_fkey',
  onDelete: 'CASCADE',
})
export class ImportedId {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'environment_id' })
  environmentId: string;

  /** By its name in `external_ids`. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  service: string;

  /** The prefix of its id here. */
  @PrimaryColumn({ type: 'text', collation: 'C' })
  kind: 'org' | 'dir';

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'foreign_id' })
  foreignId: string;

  /** Without the prefix. */
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'own_id' })
  ownId: string;
}
