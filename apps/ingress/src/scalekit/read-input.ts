import type { Type } from '@nestjs/common';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { AppError } from '@rollcall/platform';
import type { DirectoryScope } from '@rollcall/management';
import { IdPipe } from '../management/input/id.pipe';
import { InputPipe } from '../management/input/input.pipe';
import { PageQuery } from '../management/paging/page-query';

const inputs = new InputPipe();
const organizationIds = new IdPipe('org', 'organization');
const directoryIds = new IdPipe('dir', 'directory');

/** What a message says, by the same rules as the body of the REST route. Throws AppError 400 with the fields that are wrong. */
export async function checked<T extends object>(rules: Type<T>, input: object): Promise<T> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  return (await inputs.transform(given, { type: 'body', metatype: rules })) as T;
}

/** Scalekit's default. */
const PAGE_SIZE = 10;

/** Which page of a list a message asks for, as a query says it; a number that is not said is 0. */
export function pageFields({ pageSize, pageToken }: { pageSize: number; pageToken: string }) {
  return { page_size: pageSize === 0 ? PAGE_SIZE : pageSize, page_token: pageToken };
}

/** The same, checked. */
export function pageOf(message: { pageSize: number; pageToken: string }): Promise<PageQuery> {
  return checked(PageQuery, pageFields(message));
}

/** Throws AppError `organization_not_found` when the text is no organization's id. */
export function readOrganizationId(id: string): string {
  return organizationIds.transform(id);
}

/** The directory of a message, whose id some messages call `id`. Throws AppError 404 when a text is no such id. */
export function directoryScope(
  environmentId: string,
  message: { organizationId: string } & ({ directoryId: string } | { id: string }),
): DirectoryScope {
  const organizationId = readOrganizationId(message.organizationId);
  const id = 'directoryId' in message ? message.directoryId : message.id;
  return { environmentId, organizationId, directoryId: directoryIds.transform(id) };
}

/** Throws AppError 400 for a time that is none. */
export function readTime(time: Timestamp | undefined): Date | undefined {
  if (!time) return undefined;
  const date = timestampDate(time);
  if (!Number.isNaN(date.getTime())) return date;
  throw new AppError({
    kind: 'invalid',
    code: 'invalid_request',
    message: 'A time is not one. Send seconds since 1970.',
  });
}

/** A time of an answer of the REST API as messages have it. */
export function toTime(text: string): Timestamp;
export function toTime(text: string | null): Timestamp | undefined;
export function toTime(text: string | null): Timestamp | undefined {
  return text === null ? undefined : timestampFromDate(new Date(text));
}

/** For what Scalekit has and Rollcall has not. */
export function notOffered(message: string): AppError {
  return new AppError({ kind: 'method_not_allowed', code: 'method_not_allowed', message });
}
