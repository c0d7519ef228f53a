import { expect } from 'vitest';
import type { ReadyDirectory } from '../../support/create-directory';
import { readAllEvents } from '../../support/read-all-events';
import type { Answered } from './keep-asking';

/**
 * A success, a snapshot that was cut on its way, or 503 with a number of seconds; `/readyz` has no such number. What is not an
 * identity provider's ordinary call has places of which a tenant has few: beyond those that hang it is 429, with a number of
 * seconds too.
 */
export function isInOrder({ request, status, retryAfter }: Answered): boolean {
  if (status === 200 || status === 201) return true;
  if (status === 0) return request === 'GET snapshot';
  if (request === 'GET /readyz') return status === 503;
  const hasFewPlaces = !request.includes('/Users');
  return (status === 503 || (status === 429 && hasFewPlaces)) && /^[1-9]\d*$/.test(retryAfter ?? '');
}

export function hasSucceeded(answers: readonly Answered[], after: number): boolean {
  const kinds = new Set(answers.map(({ request }) => request));
  const well = answers.filter(({ began, status }) => began > after && status >= 200 && status < 300);
  return kinds.size > 0 && new Set(well.map(({ request }) => request)).size === Math.max(kinds.size, KINDS);
}

const KINDS = 8;

/** How often each kind was answered how, for an error. */
export function summary(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { request, status } of answers) counts[`${request} ${status}`] = (counts[`${request} ${status}`] ?? 0) + 1;
  return counts;
}

export function wasMadeAfter(answers: readonly Answered[], time: number): boolean {
  return answers.some(({ began, createdId }) => createdId !== undefined && began > time);
}

export async function isPublished(directory: ReadyDirectory, ids: readonly string[]): Promise<boolean> {
  const seen = new Set((await readAllEvents(directory)).map(({ resourceId }) => resourceId));
  return ids.every((id) => seen.has(`diruser_${id}`));
}

/** Numbered without a gap, and no user is made twice, whether its request was acknowledged or not. */
export async function expectPublishedOnce(directory: ReadyDirectory, ids: readonly string[]): Promise<void> {
  const events = await readAllEvents(directory);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  const created = events.filter(({ type }) => type.endsWith('user_created')).map(({ resourceId }) => resourceId);
  expect(created).toHaveLength(new Set(created).size);
  expect(created).toEqual(expect.arrayContaining(ids.map((id) => `diruser_${id}`)));
}
