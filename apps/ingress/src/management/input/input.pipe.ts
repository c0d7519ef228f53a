import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { AppError } from '@rollcall/platform';
import { freeJsonFieldsOf } from './fields';
import type { TakesOtherForms } from './other-forms';

/** One thing that is wrong with a request. */
interface Finding {
  /** Dotted path, e.g. `directory.directory_type`. */
  field: string;
  problem: string;
}

/**
 * Reads a body or a query into its DTO class. Refuses with 400 what is not declared there; each message says what is wrong and
 * what is allowed. An absent body counts as `{}`.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if ((type !== 'body' && type !== 'query') || !isDto(metatype)) return value;
    const plain = value ?? {};
    if (typeof plain !== 'object' || Array.isArray(plain)) throw refuse([], 'The request body must be a JSON object.');
    const input = readInto(metatype, inItsForm(metatype, plain));
    const errors = await validate(input, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
    });
    if (errors.length > 0) throw refuse(errors.flatMap((error) => readFindings(error, '')));
    return input;
  }
}

function inItsForm(dto: Type<object>, plain: object): object {
  const { otherForm } = dto as Type<object> & TakesOtherForms;
  return otherForm ? otherForm({ ...plain }) : plain;
}

function readInto(dto: Type<object>, plain: object): object {
  const freeNames = freeJsonFieldsOf(dto);
  const entries = Object.entries(plain);
  const free = Object.fromEntries(entries.filter(([name]) => freeNames.has(name)));
  const declared = Object.fromEntries(entries.filter(([name]) => !freeNames.has(name)));
  const inherited = findInheritedNames(declared, '');
  if (inherited.length > 0) {
    throw refuse(inherited.map((field) => ({ field, problem: `"${field}" is not a known field.` })));
  }
  return Object.assign(plainToInstance(dto, declared, { exposeUnsetFields: false }), free);
}

/**
 * The paths of keys such as `constructor` or `toString`: no DTO declares one, and class-transformer and class-validator
 * would take what they find under such a name for the object's own class and methods.
 */
function findInheritedNames(value: unknown, parent: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    return name in Object.prototype ? [path] : findInheritedNames(child, path);
  });
}

function isDto(metatype: ArgumentMetadata['metatype']): metatype is Type<object> {
  return metatype !== undefined && !NATIVE.has(metatype);
}

const NATIVE = new Set<unknown>([String, Number, Boolean, Array, Object]);

function refuse(findings: Finding[], message?: string): AppError {
  return new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: message ?? findings.map(({ problem }) => problem).join(' '),
    ...(findings.length > 0 && { details: { fields: findings } }),
  });
}

function readFindings(error: ValidationError, parent: string): Finding[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
    field,
    problem: rule === 'whitelistValidation' ? describeUnknown(error, field) : text.replace('$field', `"${field}"`),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => readFindings(child, field))];
}

function describeUnknown({ target }: ValidationError, field: string): string {
  const known = target === undefined ? [] : knownFields(target);
  return `"${field}" is not a known field; known here: ${known.length > 0 ? known.join(', ') : 'none'}.`;
}

function knownFields(target: object): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))].filter((name) => name !== '');
}
