import { applyDecorators, Controller, UseGuards, UsePipes } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { TakesTurns } from '../http/take-turn.interceptor';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { AccessTokenGuard } from './access-token.guard';
import { KeepsIdempotencyKeys } from './idempotency/idempotency.interceptor';
import { InputPipe } from './input/input.pipe';
import { Problem } from './problem';

/**
 * A controller of the management API: below /api/v1, behind an access token or an API key, with checked input. Each route states
 * with {@link Access} who may call it.
 */
export function ManagementController(tag: string, path = ''): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1${path}`),
    UseGuards(AccessTokenGuard),
    UsePipes(InputPipe),
    TakesTurns(),
    // Outside of what wakes the workers: what is kept is the answer itself, and a repeat wakes nobody.
    KeepsIdempotencyKeys(),
    WakesWorkers(),
    ApiTags(tag),
    ApiResponse({ status: 'default', type: Problem, description: 'An error.' }),
  );
}
