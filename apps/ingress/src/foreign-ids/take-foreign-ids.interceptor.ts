import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { defer, from, mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { accessOf } from '../management/access/access';
import { requireOwn } from '../management/access/require-own';
import { foreignRequestOf } from './foreign-service';
import { takeForeignIds } from './take-foreign-ids';

/**
 * Takes the ids that things had at the service whose API a route is of for ours. Whether a client of one organization names its own is
 * therefore seen here, and not by the guard.
 */
@Injectable()
export class TakeForeignIdsInterceptor implements NestInterceptor {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return defer(() => from(this.take(context))).pipe(mergeMap(() => next.handle()));
  }

  private async take(context: ExecutionContext): Promise<void> {
    const { request, tenant, scope } = foreignRequestOf(context);
    await takeForeignIds(this.dataSource, scope, request);
    const organizationId = tenant.client?.organizationId ?? null;
    if (organizationId !== null && accessOf(context)?.organization === 'own') requireOwn(request, organizationId);
  }
}
