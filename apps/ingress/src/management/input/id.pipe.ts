import type { PipeTransform } from '@nestjs/common';
import type { ErrorCode, MissingThing } from '@rollcall/contract';
import { notFound } from '@rollcall/database';
import { parseId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';

/** Reads an id in a path to its bare form. A text that is no such id names nothing: 404. */
export class IdPipe implements PipeTransform<string, string> {
  constructor(
    private readonly prefix: IdPrefix,
    private readonly thing: MissingThing<ErrorCode>,
  ) {}

  transform(value: string): string {
    const id = parseId(this.prefix, value);
    if (id !== null) return id;
    throw notFound(this.thing);
  }
}
