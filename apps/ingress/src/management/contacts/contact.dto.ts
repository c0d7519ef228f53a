import { ApiProperty } from '@nestjs/swagger';
import { EmailField } from '../input/email-field';
import { TextField } from '../input/fields';

const NAME_MAX = 100;

export class ContactItem {
  @ApiProperty({ type: String, example: 'con_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  email: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({
    type: Boolean,
    description: 'False once its owner has pressed "unsubscribe" in a mail, also when the address is added again.',
  })
  subscribed: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

export class ContactAnswer {
  @ApiProperty({ type: ContactItem })
  contact: ContactItem;
}

export class ContactList {
  @ApiProperty({ type: [ContactItem] })
  contacts: ContactItem[];
}

export class CreateContactBody {
  @EmailField({ required: true, description: 'Who is told of failures, expiring tokens and held changes.' })
  email: string;

  @TextField({ min: 0, max: NAME_MAX, description: 'Default: empty.' })
  name?: string;
}

export class UpdateContactBody {
  @EmailField({ description: 'Another address is subscribed unless its owner has unsubscribed before.' })
  email?: string;

  @TextField({ nullable: true, min: 0, max: NAME_MAX, description: 'null: empty.' })
  name?: string | null;
}
