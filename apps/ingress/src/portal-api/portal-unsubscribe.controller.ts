import { Body, Controller, HttpCode, Inject, Post, Req, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { deriveKeys } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { unsubscribe } from '@rollcall/management';
import { CONFIG } from '../http/context.module';
import type { IngressConfig } from '../http/context.module';
import { originOf } from '../http/request-writer';
import { TextField } from '../management/input/fields';
import { InputPipe } from '../management/input/input.pipe';
import { SameOriginGuard } from './same-origin.guard';

class UnsubscribeBody {
  @TextField({ required: true, max: 200, description: 'What stands behind the # of the link.' })
  token: string;
}

/** The way out of the mails to contacts: the link in each of them leads to a page that asks here, so that a mail scanner ends nothing. */
@ApiExcludeController()
@Controller('portal/api/unsubscribe')
@UseGuards(SameOriginGuard)
@UsePipes(InputPipe)
export class PortalUnsubscribeController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: IngressConfig,
  ) {}

  @Post()
  @HttpCode(200)
  async unsubscribe(@Body() { token }: UnsubscribeBody, @Req() request: FastifyRequest) {
    const keys = deriveKeys(this.config, 'unsubscribe');
    return { contact: await unsubscribe(this.dataSource, keys, token, originOf(request)) };
  }
}
