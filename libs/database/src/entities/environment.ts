import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One app owner's isolated tenant. */
@Entity('environments')
export class Environment {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'timestamptz', name: 'create_time', default: () => 'now()' })
  createTime: Date;
}
