import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from '../scim-answer';
import { readCall } from '../scim-call';
import { ScimContext } from '../scim-context';
import { runBulk } from './run-bulk';

@Controller('scim/:key/v2/Bulk')
export class BulkController {
  constructor(private readonly context: ScimContext) {}

  @Post()
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await runBulk(this.context, readCall(request)));
  }
}
