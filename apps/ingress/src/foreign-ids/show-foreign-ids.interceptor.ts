import { Injectable, SetMetadata } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { findForeignIds, mayBeImported } from '@rollcall/management';
import { foreignRequestOf } from './foreign-service';
import { idsOf } from './take-foreign-ids';

const AS_SENT = Symbol('AS_SENT');

/** For a route that answers events: each says the ids that it was sent with. */
export const SaysIdsAsSent = () => SetMetadata(AS_SENT, true);

/** Shows what was imported from the service whose API a route is of under the ids that it had there. */
@Injectable()
export class ShowForeignIdsInterceptor implements NestInterceptor {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const { request, scope } = foreignRequestOf(context);
    if (Reflect.getMetadata(AS_SENT, context.getHandler())) return next.handle();
    return next.handle().pipe(
      mergeMap(async (answer) => {
        const ids = new Set(ownIdsIn(answer));
        if (ids.size === 0) return answer;
        // A list of people does not always say whose they are.
        for (const id of idsOf(request).filter(mayBeImported)) ids.add(id);
        const theirs = await findForeignIds(this.dataSource, scope, [...ids]);
        return theirs.size === 0 ? answer : renamed(answer, theirs);
      }),
    );
  }
}

/** Where answers have ids: cursors are some too. */
const ID_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'organization_id',
  'directory_id',
  'organizationId',
  'directoryId',
  'groupId',
  'before',
  'after',
]);

/** What an application or an identity provider keeps in these is its own. */
const THEIR_OWN: ReadonlySet<string> = new Set(['metadata', 'custom_attributes', 'raw_attributes']);

function* ownIdsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (THEIR_OWN.has(name)) continue;
    if (typeof inner !== 'string') yield* ownIdsIn(inner);
    else if (ID_FIELDS.has(name) && mayBeImported(inner)) yield inner;
  }
}

/** An answer in which what has another id goes by it; what holds nothing such is the same object. */
function renamed<Value>(value: Value, theirs: ReadonlyMap<string, string>): Value {
  if (typeof value !== 'object' || value === null) return value;
  const changes = Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (THEIR_OWN.has(name)) return [];
    const after =
      typeof inner === 'string' ? (ID_FIELDS.has(name) && theirs.get(inner)) || inner : renamed(inner, theirs);
    return after === inner ? [] : [[name, after] as const];
  });
  if (changes.length === 0) return value;
  return Object.assign(
    Array.isArray(value) ? [...(value as unknown[])] : { ...value },
    Object.fromEntries(changes),
  ) as Value;
}
