import { createParamDecorator, Injectable } from '@nestjs/common';
import type { ExecutionContext, PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Actor, Author } from '@rollcall/database';
import type { Writer } from '@rollcall/management';
import { clientAddress } from './client-address';

/** Who requests under way act as; set by the guard that has checked the credential. */
const actors = new WeakMap<FastifyRequest, Actor>();

@Injectable()
class WriterPipe implements PipeTransform<Author, Writer> {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  transform(author: Author): Writer {
    return { dataSource: this.dataSource, author };
  }
}

const RequestAuthor = createParamDecorator((_: undefined, context: ExecutionContext): Author => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const actor = actors.get(request);
  if (actor) return { actor, ...originOf(request) };
  throw new Error('RequestWriter stands behind a guard that calls setActor');
});

/** What a use case that writes is called with: the database, and whom the audit log names for this request. */
export const RequestWriter = () => RequestAuthor(WriterPipe);

/** Notes whose credential a request came with. For guards. */
export function setActor(request: FastifyRequest, actor: Actor): void {
  actors.set(request, actor);
}

/** Where a request came from, as the audit log tells it. */
export function originOf(request: FastifyRequest): Omit<Author, 'actor'> {
  return { ipAddress: clientAddress(request), requestId: request.id };
}
