import { All, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ScimError } from '@rollcall/scim';
import { sendAnswer } from '../scim-answer';
import { readCall } from '../scim-call';
import { ScimContext } from '../scim-context';
import { searchAll } from './search-all';

@Controller('scim/:key/v2')
export class SearchController {
  constructor(private readonly context: ScimContext) {}

  @Post('.search')
  async search(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await searchAll(this.context, readCall(request)));
  }

  /** A query over all types by GET is optional (RFC 7644 §3.4.2.1). */
  @Get()
  root(): never {
    throw new ScimError(501, undefined, 'The root cannot be queried by GET. Use POST /.search, or /Users and /Groups.');
  }

  /** A directory's token stands for no user (RFC 7644 §3.11). */
  @All('Me')
  me(): never {
    throw new ScimError(501, undefined, 'The token of a directory stands for no user, so there is no /Me. Use /Users.');
  }
}
