import { createParamDecorator, Injectable } from '@nestjs/common';
import type { ExecutionContext, PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseId } from '@rollcall/platform';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findImported } from '@rollcall/management';
import '../http/request-tenant';

interface Called {
  message: Fields;
  environmentId: string | undefined;
}

type Fields = Record<string, unknown>;

/** Fields in which a message names an organization or a directory. */
const ID_FIELDS = ['id', 'organizationId', 'orgId', 'directoryId'];

/**
 * Puts the ids of what was imported from Scalekit in the place of those that it had there: an application goes on with the ids that it has
 * kept. Only of ids that are none of Rollcall's, and within the environment of the caller.
 */
@Injectable()
class OwnIdsPipe implements PipeTransform<Called, Promise<Fields>> {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async transform({ message, environmentId }: Called): Promise<Fields> {
    if (environmentId === undefined) throw new Error('Message stands behind AccessTokenGuard');
    const places = findIds(message).filter(({ id }) => isTheirs(id));
    if (places.length === 0) return message;
    const scope = { environmentId, service: 'scalekit' };
    const own = await findImported(
      this.dataSource,
      scope,
      places.map(({ id }) => id),
    );
    for (const { fields, name, id } of places) fields[name] = own.get(id) ?? id;
    return message;
  }
}

function findIds(message: Fields): { fields: Fields; name: string; id: string }[] {
  const { identities, filter } = message as { identities?: { case?: string; value?: unknown }; filter?: Fields };
  const places: [Fields | undefined, string][] = [
    ...ID_FIELDS.map((name): [Fields, string] => [message, name]),
    [identities?.case === 'id' ? identities : undefined, 'value'],
    [filter, 'organizationId'],
  ];
  return places.flatMap(([fields, name]) => {
    const id = fields?.[name];
    return fields && typeof id === 'string' ? [{ fields, name, id }] : [];
  });
}

function isTheirs(id: string): boolean {
  return /^(?:org|dir)_\w{1,64}$/.test(id) && parseId('org', id) === null && parseId('dir', id) === null;
}

const CallMessage = createParamDecorator((_: undefined, context: ExecutionContext): Called => {
  const { body, tenant } = context.switchToHttp().getRequest<FastifyRequest>();
  return { message: body as Fields, environmentId: tenant?.environmentId };
});

/** The message of the call. */
export const Message = () => CallMessage(OwnIdsPipe);
