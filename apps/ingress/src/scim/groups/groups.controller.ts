import { Controller, Delete, Get, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from '../scim-answer';
import { readCall } from '../scim-call';
import { ScimContext } from '../scim-context';
import { readSearchQuery } from '../search/answer-page';
import { createGroup } from './create-group';
import { deleteGroup } from './delete-group';
import { getGroup } from './get-group';
import { listGroups } from './list-groups';
import { patchGroup } from './patch-group';
import { replaceGroup } from './replace-group';

@Controller('scim/:key/v2/Groups')
export class GroupsController {
  constructor(private readonly context: ScimContext) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await listGroups(this.context, readCall(request)));
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await createGroup(this.context, readCall(request)));
  }

  @Post('.search')
  async search(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const call = readCall(request);
    await sendAnswer(reply, await listGroups(this.context, call, readSearchQuery(call)));
  }

  @Get(':id')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await getGroup(this.context, readCall(request)));
  }

  @Put(':id')
  async replace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await replaceGroup(this.context, readCall(request)));
  }

  @Patch(':id')
  async patch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await patchGroup(this.context, readCall(request)));
  }

  @Delete(':id')
  async delete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await deleteGroup(this.context, readCall(request)));
  }
}
