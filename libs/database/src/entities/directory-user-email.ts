import { Entity, PrimaryColumn } from 'typeorm';

/** One folded e-mail address of a user, for look-ups. */
@Entity('directory_user_emails')
export class DirectoryUserEmail {
  @PrimaryColumn({ type: 'text', collation: 'C', name: 'directory_id' })
  directoryId: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'value_key' })
  valueKey: string;

  @PrimaryColumn({ type: 'text', collation: 'C', name: 'user_id' })
  userId: string;
}
