import { applyDecorators, Controller, HttpCode, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { DescMethod } from '@bufbuild/protobuf';
import { HasApiOf } from '../foreign-ids/has-api-of';
import { TakesTurns } from '../http/take-turn.interceptor';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { AccessTokenGuard } from '../management/access-token.guard';
import { AnswerCallInterceptor } from './answer-call';
import { pathOf } from './find-method';

/**
 * A controller with methods of one of Scalekit's gRPC services, which go the way of the management API's routes: each states with Access
 * who may call it.
 */
export function ScalekitService(): ClassDecorator {
  return applyDecorators(
    Controller(),
    UseGuards(AccessTokenGuard),
    UseInterceptors(AnswerCallInterceptor),
    TakesTurns(),
    HasApiOf('scalekit'),
    WakesWorkers(),
  );
}

/** A method of the service; what the function returns becomes the method's message. */
export function Call(method: DescMethod): MethodDecorator {
  return applyDecorators(Post(pathOf(method)), HttpCode(200));
}
