import { applyDecorators, Controller, UseGuards, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiProperty, ApiPropertyOptional, ApiResponse, ApiTags } from '@nestjs/swagger';
import { API_ERROR_CODES } from '@rollcall/contract';
import { WakesWorkers } from '../http/wake-workers.interceptor';
import { AccessTokenGuard } from './access-token.guard';
import { InputPipe } from './input/input.pipe';

class ProblemDetails {
  @ApiProperty({
    type: String,
    description: 'Stable, snake_case. The examples are all codes of this version; a later one may add to them.',
    examples: [...API_ERROR_CODES],
  })
  code: string;

  @ApiProperty({ type: String, description: 'What went wrong and what to do.' })
  message: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  details?: Record<string, unknown>;
}

/** The body of every error. */
export class Problem {
  @ApiProperty({ type: ProblemDetails })
  error: ProblemDetails;
}

/** A controller of the management API: below /api/v1, behind an access token, with checked input. */
export function ManagementController(tag: string, path = ''): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1${path}`),
    UseGuards(AccessTokenGuard),
    UsePipes(InputPipe),
    WakesWorkers(),
    ApiTags(tag),
    ApiBearerAuth('access_token'),
    ApiResponse({ status: 'default', type: Problem, description: 'An error.' }),
  );
}
