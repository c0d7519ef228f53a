import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import type { Sealer } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { readMailbox } from '@rollcall/management';
import { CONFIG, SEALER } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { prefersPage, sendPage } from '../http/pages';
import { varyOn } from '../http/vary-on';
import { isFromThisMachine } from './is-from-this-machine';
import { renderMailbox } from './render-mailbox';

const SHOWN = 50;

/**
 * The development mailbox: what would have been sent, for who tries Rollcall out without a mail server. There are codes and links in it
 * that open portals, so it is there only with the embedded database and without SMTP_URL, and only for this machine.
 */
@ApiExcludeController()
@Controller('dashboard/mailbox')
export class MailboxController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
    @Inject(SEALER) private readonly sealer: Sealer,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.config.mail.transport !== 'mailbox') throw notHere('This server has no development mailbox.');
    if (!isFromThisMachine(request)) {
      throw notHere(
        'The development mailbox is read in a browser of the machine that the server runs on, at its localhost address.',
      );
    }
    const mails = await readMailbox(this.dataSource, this.sealer, SHOWN);
    varyOn(reply, 'accept');
    if (prefersPage(request)) {
      await sendPage(reply, renderMailbox(mails));
      return;
    }
    await reply.send({
      mails: mails.map(({ id, to, subject, text, createTime }) => ({
        id,
        to,
        subject,
        text,
        create_time: createTime.toISOString(),
      })),
    });
  }
}

function notHere(message: string): AppError {
  return new AppError({ kind: 'not_found', code: 'not_found', message });
}
