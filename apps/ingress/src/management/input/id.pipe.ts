import type { PipeTransform } from '@nestjs/common';
import { AppError, parseId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';

/** Reads an id in a path to its bare form. A text that is no such id names nothing: 404. */
export class IdPipe implements PipeTransform<string, string> {
  constructor(
    private readonly prefix: IdPrefix,
    private readonly noun: string,
  ) {}

  transform(value: string): string {
    const id = parseId(this.prefix, value);
    if (id !== null) return id;
    throw new AppError({
      kind: 'not_found',
      code: `${this.noun.replaceAll(' ', '_')}_not_found`,
      message: `There is no such ${this.noun}.`,
    });
  }
}
