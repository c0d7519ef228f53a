import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import { expect, it } from 'vitest';
import { EVENT_TYPE_GROUPS } from './event-type-groups';

it('every type of event can be chosen, once', () => {
  const chosen = EVENT_TYPE_GROUPS.flatMap(({ types }) => types);
  expect(chosen.toSorted()).toEqual([...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].toSorted());
});
