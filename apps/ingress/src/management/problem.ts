import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { API_ERROR_CODES } from '@rollcall/contract';

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

  @ApiPropertyOptional({
    type: String,
    description: 'The `X-Request-Id` of the answer, by which the operator finds the request in the log.',
  })
  request_id?: string;

  @ApiPropertyOptional({
    type: String,
    description:
      'Where the documentation of this server explains the code. The header `Link` with `rel="help"` leads there too.',
  })
  documentation_url?: string;
}

/** The body of every error. */
export class Problem {
  @ApiProperty({ type: ProblemDetails })
  error: ProblemDetails;
}
