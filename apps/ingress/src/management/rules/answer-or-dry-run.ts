import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { DryRunAnswer } from './rules.dto';

/** Documents a call that with `dry_run=true` tells what it would do. */
export function answerOrDryRun(answer: new () => object): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(answer, DryRunAnswer),
    ApiResponse({
      status: 200,
      description: 'What was set; with `dry_run=true` what it would do.',
      schema: { oneOf: [{ $ref: getSchemaPath(answer) }, { $ref: getSchemaPath(DryRunAnswer) }] },
    }),
  );
}
