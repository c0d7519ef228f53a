import { Body, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { MAIL_KINDS, MAIL_STATES, SHOWN_MAILS } from '@rollcall/contract';
import type { MailKind, MailState } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { listMails, sendTestMail } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Mail } from '@rollcall/database';
import { CONFIG, SEALER } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { RequestWriter } from '../../http/request-writer';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { EmailField } from '../input/email-field';
import { ManagementController } from '../management-controller';
import { UnavailableCells } from '../paging/page-query';

class MailItem {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  organization_id: string | null;

  @ApiProperty({ type: String, enum: [...MAIL_KINDS] })
  kind: MailKind;

  @ApiProperty({ type: String, enum: [...MAIL_STATES] })
  state: MailState;

  @ApiProperty({ type: 'integer', description: 'How often it was tried to send it.' })
  attempts: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last try failed, such as `SMTP 550`.' })
  failure: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;
}

class MailStatus {
  @ApiProperty({
    type: String,
    enum: ['smtp', 'mailbox', 'none'],
    description: 'How mails leave: by the operator’s mail server, into the development mailbox, or not at all.',
  })
  transport: string;

  @ApiProperty({ type: String, nullable: true, description: 'Whom they come from.' })
  from: string | null;

  @ApiProperty({ type: [MailItem], description: `The newest ${SHOWN_MAILS}, newest first, of the last seven days.` })
  mails: MailItem[];

  @UnavailableCells()
  unavailable_cells?: string[];
}

class TestMailBody {
  @EmailField({ required: true, description: 'Where it goes.' })
  email: string;
}

@ManagementController('Mail')
export class MailController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SEALER) private readonly sealer: Sealer,
  ) {}

  @Get('mail')
  @Access('read', 'refused')
  @ApiOperation({ operationId: 'getMailStatus', summary: 'How mails leave, and what became of the newest' })
  @ApiResponse({ status: 200, type: MailStatus })
  async status(@EnvironmentId() environmentId: string): Promise<MailStatus> {
    const { mail } = this.config;
    const mails = await listMails(this.dataSource, environmentId, SHOWN_MAILS);
    return {
      transport: mail.transport,
      from: mail.transport === 'none' ? null : mail.from,
      mails: mails.map(renderMail),
    };
  }

  @Post('mail::test')
  @Access('write', 'refused')
  @HttpCode(202)
  @ApiOperation({ operationId: 'sendTestMail', summary: 'Send a mail that says only that mails arrive' })
  @ApiResponse({ status: 202 })
  async test(
    @RequestWriter() writer: Writer,
    @EnvironmentId() environmentId: string,
    @Body() { email }: TestMailBody,
  ): Promise<void> {
    const { mail: settings, publicUrl } = this.config;
    await sendTestMail(writer, { sealer: this.sealer, settings }, environmentId, { to: email, publicUrl });
  }
}

function renderMail(mail: Mail): MailItem {
  return {
    id: publicId('mail', mail.id),
    organization_id: mail.organizationId === null ? null : publicId('org', mail.organizationId),
    kind: mail.kind,
    state: mail.state,
    attempts: mail.attempts,
    failure: mail.failure,
    create_time: mail.createTime.toISOString(),
    finish_time: mail.finishTime?.toISOString() ?? null,
  };
}
