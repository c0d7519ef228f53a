import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An attribute of an extension that no schema describes, as it was seen in what an identity provider sent. */
@Entity('learned_attributes')
export class LearnedAttribute {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'resource_type' })
  resourceType: string;

  /** The extension's URN in lower case. */
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'schema_key' })
  schemaKey: string;

  /** The path in lower case. */
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'path_key' })
  pathKey: string;

  /** The extension's URN as it first arrived. */
  @Column({ type: 'text' })
  schema: string;

  /** `attribute` or `attribute.subAttribute`, as it first arrived. */
  @Column({ type: 'text' })
  path: string;

  /** Every type seen. */
  @Column({ type: 'text', array: true })
  types: string[];

  @Column({ type: 'boolean', name: 'multi_valued' })
  multiValued: boolean;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
