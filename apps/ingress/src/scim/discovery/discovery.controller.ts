import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from '../scim-answer';
import { readCall } from '../scim-call';
import { ScimContext } from '../scim-context';
import { getResourceType, listResourceTypes } from './describe-resource-types';
import { getSchema, listSchemas } from './describe-schemas';
import { describeServiceProvider } from './describe-service-provider';

@Controller('scim/:key/v2')
export class DiscoveryController {
  constructor(private readonly context: ScimContext) {}

  @Get('ServiceProviderConfig')
  async serviceProviderConfig(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await describeServiceProvider(this.context, readCall(request)));
  }

  @Get('ResourceTypes')
  async resourceTypes(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await listResourceTypes(this.context, readCall(request)));
  }

  @Get('ResourceTypes/:name')
  async resourceType(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name } = request.params as { name: string };
    await sendAnswer(reply, await getResourceType(this.context, readCall(request), name));
  }

  @Get('Schemas')
  async schemas(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await sendAnswer(reply, await listSchemas(this.context, readCall(request)));
  }

  @Get('Schemas/:urn')
  async schema(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { urn } = request.params as { urn: string };
    await sendAnswer(reply, await getSchema(this.context, readCall(request), urn));
  }
}
