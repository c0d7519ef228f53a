import { applyDecorators, Controller, UseGuards, UsePipes } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { TakesTurns } from '../http/take-turn.interceptor';
import { InputPipe } from '../management/input/input.pipe';
import { SameOriginGuard } from '../portal-api/same-origin.guard';

/** A controller of the dashboard's own API: below /dashboard/api, for the dashboard's pages alone, with checked input. */
export function DashboardController(): ClassDecorator {
  return applyDecorators(
    ApiExcludeController(),
    Controller('dashboard/api'),
    UseGuards(SameOriginGuard),
    UsePipes(InputPipe),
    TakesTurns(),
  );
}
