import { array, assert, constantFrom, property, record, string } from 'fast-check';
import { expect, it } from 'vitest';
import { groupResourceType } from '@rollcall/scim';
import type { StoredResource } from '@rollcall/scim-store';
import { renderBody, renderOptions, renderResource } from './render-resource';

const OPTIONS = { type: groupResourceType, baseUrl: 'https://x.test/scim/$1/v2', project: null };
/** Enough for an answer in pieces. */
const MEMBERS = 25_000;

/** As PostgreSQL writes jsonb: a space after each colon and comma. */
function toJsonb(members: readonly { type: string; value: string; display: string }[]): string {
  const elements = members.map(
    ({ type, value, display }) => `{"type": "${type}", "value": "${value}", "display": ${JSON.stringify(display)}}`,
  );
  return `[${elements.join(', ')}]`;
}

function groupOf(members: string): StoredResource {
  const time = new Date('2026-01-02T03:04:05.678Z');
  return { id: 'g1', version: 3, created: time, lastModified: time, resource: '{"schemas": []}', references: members };
}

/** Names that look like what the text is cut and completed at. */
const display = constantFrom('}, {"type": "User", "value": "u1"', '", {"', '😀', ', {', '$&', '\\"').chain((odd) =>
  string().map((text) => `${text}${odd}${text}`),
);
const member = record({ type: constantFrom('User', 'Group'), value: constantFrom('u1', '01hzy7k2m3'), display });

it.each([
  ['with members', { attributes: ['members', 'displayName'] }],
  ['with a part of each member', { attributes: ['members.value'] }],
  ['without members', { excludedAttributes: ['members'] }],
])('renders what was asked for of a large group in pieces as of a small one, %s', (_what, projection) => {
  const some = Array.from({ length: MEMBERS }, (_, n) => ({
    type: 'User',
    value: `u${n}`,
    display: '}, {"type": "User, {',
  }));
  const stored = groupOf(toJsonb(some));
  const options = renderOptions(groupResourceType, 'https://x.test', projection);
  const body = renderBody(stored, options);
  expect(body).not.toBeTypeOf('string');
  expect(JSON.parse(Array.from(body).join(''))).toEqual(JSON.parse(renderResource(stored, options)));
});

it('renders the members of a large group in pieces as it does those of a small one, whatever their names are', () => {
  assert(
    property(array(member, { minLength: 1, maxLength: 20 }), (some) => {
      const members = Array.from({ length: MEMBERS }, (_, index) => some[index % some.length]!);
      const stored = groupOf(toJsonb(members));
      const body = renderBody(stored, OPTIONS);
      if (typeof body === 'string') throw new Error('so many members come in pieces');
      const text = [...body].join('');
      expect(text === renderResource(stored, OPTIONS)).toBe(true);
      const { members: rendered } = JSON.parse(text) as { members: object[] };
      expect(rendered).toHaveLength(MEMBERS);
      expect(rendered[0]).toEqual({
        ...some[0],
        $ref: `https://x.test/scim/$1/v2/${some[0]!.type}s/${some[0]!.value}`,
      });
    }),
    { numRuns: 20 },
  );
});
