import { SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { ImportedService } from '@rollcall/directory';

const SERVICE = Symbol('FOREIGN_SERVICE');

/** Says whose API a controller has: what was imported from there goes by the ids that it had there. */
export const HasApiOf = (service: ImportedService): ClassDecorator => SetMetadata(SERVICE, service);

/** Whose API a route is of; undefined: ours. */
export function foreignServiceOf(context: ExecutionContext): ImportedService | undefined {
  return Reflect.getMetadata(SERVICE, context.getClass()) as ImportedService | undefined;
}
