import { Controller, Delete, Get, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from '../scim-answer';
import { readCall } from '../scim-call';
import { ScimContext } from '../scim-context';
import { readSearchQuery } from '../search/answer-page';
import { createUser } from './create-user';
import { deleteUser } from './delete-user';
import { getUser } from './get-user';
import { listUsers } from './list-users';
import { patchUser } from './patch-user';
import { replaceUser } from './replace-user';

@Controller('scim/:key/v2/Users')
export class UsersController {
  constructor(private readonly context: ScimContext) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await listUsers(this.context, readCall(request)));
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await createUser(this.context, readCall(request)));
  }

  @Post('.search')
  async search(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const call = readCall(request);
    await sendAnswer(reply, await listUsers(this.context, call, readSearchQuery(call)));
  }

  @Get(':id')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await getUser(this.context, readCall(request)));
  }

  @Put(':id')
  async replace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await replaceUser(this.context, readCall(request)));
  }

  @Patch(':id')
  async patch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await patchUser(this.context, readCall(request)));
  }

  @Delete(':id')
  async delete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await deleteUser(this.context, readCall(request)));
  }
}
