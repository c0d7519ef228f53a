import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The message of the call. */
export const Message = createParamDecorator(
  (_: undefined, context: ExecutionContext): unknown => context.switchToHttp().getRequest<FastifyRequest>().body,
);
