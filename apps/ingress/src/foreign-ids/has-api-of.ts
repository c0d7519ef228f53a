import { applyDecorators, UseInterceptors } from '@nestjs/common';
import type { ImportedService } from '@rollcall/directory';
import { setForeignService } from './foreign-service';
import { ShowForeignIdsInterceptor } from './show-foreign-ids.interceptor';
import { TakeForeignIdsInterceptor } from './take-foreign-ids.interceptor';

/**
 * Says whose API a controller has: what was imported from there goes by the ids that it had there. Stands inside what counts requests and
 * gives turns, for it reads the database, and around what goes by the ids of a request.
 */
export const HasApiOf = (service: ImportedService): ClassDecorator =>
  applyDecorators(setForeignService(service), UseInterceptors(TakeForeignIdsInterceptor, ShowForeignIdsInterceptor));
