import { Param } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { notFound } from '@rollcall/database';
import { ROLE_NAME } from '@rollcall/directory';
import { field } from '../input/fields';
import type { FieldOptions } from '../input/fields';

/** The name of a role in a body. */
export function RoleNameField(options: FieldOptions) {
  return field({
    ...options,
    must: 'must be 1 to 100 letters, digits, "_", ".", ":" or "-" that begin with a letter or digit',
    schema: { type: String, pattern: ROLE_NAME.source },
    isValid: (value) => typeof value === 'string' && ROLE_NAME.test(value),
  });
}

/** The name of a role in a path. A text that cannot be one names nothing: 404. */
export class RoleNamePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (ROLE_NAME.test(value)) return value;
    throw notFound('role');
  }
}

export const roleNameParam = () => Param('role_name', new RoleNamePipe());
