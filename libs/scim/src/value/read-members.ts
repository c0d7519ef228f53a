import { findOwnKey, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { ScimError, invalidValue } from '../scim-error';
import { checkText } from './copy-json';
import { printDecimal } from './print-decimal';

/** More member values in one write are refused. */
export const MAX_MEMBER_VALUES = 100_000;

/** Members that are looked at in one step. */
const MEMBERS_OF_STEP = 1_000;

/**
 * Reads the values of a group's member attribute to their ids, alone: with 100,000 members the rest of each value would be
 * most of the memory. null and [] give none, a repeated member counts once. `$ref` is not read.
 * Others may go on between its steps.
 * @throws ScimError 400 invalidValue for a value without id, 413 for more than 100,000.
 */
export function* readMembers(raw: JsonValue, label: string): Generator<void, string[]> {
  if (raw === null) return [];
  const values = Array.isArray(raw) ? raw : [raw];
  assertMemberCount(values.length);
  const members = new Set<string>();
  for (const some of inSteps(values)) {
    if (members.size > 0) yield;
    addMembers(members, some, label);
  }
  return [...members];
}

function addMembers(members: Set<string>, values: readonly JsonValue[], label: string): void {
  for (const value of values) if (!isNothing(value)) members.add(readMember(value, label));
}

/** Members in parts, each of which takes a part of a millisecond. */
export function* inSteps<Member>(members: readonly Member[]): Generator<readonly Member[]> {
  for (let start = 0; start < members.length; start += MEMBERS_OF_STEP) {
    yield members.slice(start, start + MEMBERS_OF_STEP);
  }
}

function isNothing(value: JsonValue): boolean {
  if (!isJsonObject(value)) return value === null;
  for (const _ in value) return false;
  return true;
}

/**
 * Refuses a write that names too many members.
 * @throws ScimError 413.
 */
export function assertMemberCount(count: number): void {
  if (count <= MAX_MEMBER_VALUES) return;
  throw new ScimError(
    413,
    undefined,
    `The request names more than ${MAX_MEMBER_VALUES} members. Send them in several PATCH requests.`,
  );
}

function readMember(raw: JsonValue, label: string): string {
  const value = isJsonObject(raw) ? readText(raw, 'value', label) : textOf(raw);
  if (value === undefined || value === '') {
    throw invalidValue(`A value of ${label} has no id. Send each member as {"value": "<id of the user>"}.`);
  }
  if (!isJsonObject(raw)) return checkText(value, label);
  readText(raw, 'type', label);
  readText(raw, 'display', label);
  return value;
}

/** The text under a sub-attribute's name, undefined when there is none. Throws when it is something else. */
function readText(object: JsonObject, name: string, label: string): string | undefined {
  const key = findOwnKey(object, name);
  const held = key === undefined ? null : (object[key] ?? null);
  if (held === null || held === '') return undefined;
  const text = textOf(held);
  if (text === undefined) throw invalidValue(`${label}.${name} has a value of the wrong type. Send text.`);
  return checkText(text, label);
}

/** A text, also one that was sent as a number. */
function textOf(value: JsonValue): string | undefined {
  return typeof value === 'number' ? printDecimal(value) : typeof value === 'string' ? value : undefined;
}
