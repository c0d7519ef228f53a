import { createParamDecorator, Injectable } from '@nestjs/common';
import type { ExecutionContext, PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import type { Actor, Author } from '@rollcall/database';
import type { Writer } from '@rollcall/management';
import { clientAddress } from './client-address';
import { additionOf } from './additions';

/** Who a request acts as, and what its right to change something depends on until the change is made. */
type Acting = { actor: Actor } & Pick<Writer, 'admit'>;

/** The same of the requests under way; set by the guard that has checked the credential. */
const acting = new WeakMap<FastifyRequest, Acting>();

@Injectable()
class WriterPipe implements PipeTransform<Omit<Writer, 'dataSource'>, Writer> {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  transform(writer: Omit<Writer, 'dataSource'>): Writer {
    return { dataSource: this.dataSource, ...writer };
  }
}

const RequestAuthor = createParamDecorator((_: undefined, context: ExecutionContext): Omit<Writer, 'dataSource'> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const known = acting.get(request);
  if (known) {
    const { isRecordedElsewhere } = additionOf(request);
    return { author: { actor: known.actor, ...originOf(request) }, admit: known.admit, isRecordedElsewhere };
  }
  throw new Error('RequestWriter stands behind a guard that calls setActor');
});

/** What a use case that writes is called with: the database, and whom the audit log names for this request. */
export const RequestWriter = () => RequestAuthor(WriterPipe);

/** Notes whose credential a request came with, and what its changes are to find there still. For guards. */
export function setActor(request: FastifyRequest, actor: Actor, admit?: Writer['admit']): void {
  acting.set(request, { actor, admit });
}

/** Whose credential a request came with; for what stands behind a guard that calls {@link setActor}. */
export function actorOf(request: FastifyRequest): Actor {
  const known = acting.get(request);
  if (known) return known.actor;
  throw new Error('actorOf stands behind a guard that calls setActor');
}

/** Lets something else be read, or written, first in the transaction of each change that a request makes. */
export function admitAlso(request: FastifyRequest, also: NonNullable<Writer['admit']>): void {
  const { admit } = acting.get(request) ?? {};
  setActor(request, actorOf(request), async (manager) => {
    await admit?.(manager);
    await also(manager);
  });
}

/** Where a request came from, as the audit log tells it. */
export function originOf(request: FastifyRequest): Omit<Author, 'actor'> {
  return { ipAddress: clientAddress(request), requestId: request.id };
}
