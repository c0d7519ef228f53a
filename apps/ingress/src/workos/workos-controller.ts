import { applyDecorators, Controller, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HasApiOf } from '../foreign-ids/has-api-of';
import { TakesTurns } from '../http/take-turn.interceptor';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { AccessTokenGuard } from '../management/access-token.guard';
import { KeepsIdempotencyKeys } from '../management/idempotency/idempotency.interceptor';
import { InputPipe } from '../management/input/input.pipe';

/**
 * A controller of the API as `@workos-inc/node` calls it: behind the credentials, scopes, limits and idempotency keys of the management
 * API, and documented by WorkOS.
 */
export function WorkosController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AccessTokenGuard),
    UsePipes(InputPipe),
    TakesTurns(),
    HasApiOf('workos'),
    KeepsIdempotencyKeys(),
    WakesWorkers(),
    ApiExcludeController(),
  );
}
