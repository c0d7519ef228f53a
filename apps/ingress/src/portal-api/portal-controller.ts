import { applyDecorators, Controller, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TakesTurns } from '../http/take-turn.interceptor';
import { InputPipe } from '../management/input/input.pipe';
import { PortalSessionGuard } from './portal-session.guard';
import { SameOriginGuard } from './same-origin.guard';

/**
 * A controller of the portal's API whose routes are for the organization of a session: below /portal/api, for the portal's own pages,
 * with checked input, in the turn of its environment.
 */
export function PortalController(path: string): ClassDecorator {
  return applyDecorators(
    ApiExcludeController(),
    Controller(`portal/api${path}`),
    UseGuards(SameOriginGuard, PortalSessionGuard),
    UsePipes(InputPipe),
    TakesTurns(),
  );
}
