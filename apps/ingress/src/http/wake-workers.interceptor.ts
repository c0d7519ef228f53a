import { Inject, Injectable, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { WakeUps } from '@rollcall/queue';
import type { ToWake, Waking } from '@rollcall/management';
import { WAKE_UPS } from './context.module';

/** Wakes the workers for what a use case committed, and answers what the controller made of its result. */
@Injectable()
class WakeWorkersInterceptor implements NestInterceptor {
  constructor(@Inject(WAKE_UPS) private readonly wakeUps: WakeUps) {}

  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(map((returned) => (returned instanceof WakingAnswer ? this.send(returned) : returned)));
  }

  private send({ body, wake }: WakingAnswer<unknown>): unknown {
    for (const directoryId of wake.directoryIds ?? []) this.wakeUps.drainDirectory(directoryId);
    for (const endpoint of wake.endpoints ?? []) this.wakeUps.deliverEndpoint(endpoint);
    return body;
  }
}

/** For a controller whose routes return what {@link answerAndWake} makes. */
export const WakesWorkers = () => UseInterceptors(WakeWorkersInterceptor);

/** An answer on its way, with whom to wake. */
class WakingAnswer<Body> {
  constructor(
    readonly body: Body,
    readonly wake: ToWake,
  ) {}
}

/** What a route returns after a use case that has work for the workers: the answer that `render` makes of its result. */
export function answerAndWake<Result, Body = void>(
  { result, wake }: Waking<Result>,
  render: (result: Result) => Body,
): WakingAnswer<Body> {
  return new WakingAnswer(render(result), wake);
}
