import { describe, expect, it } from 'vitest';
import { patchBody } from '../testing/scim-client';
import type { Answer } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const suite = useScim();

function expectRefusal({ status, json }: Answer, expected: { status: number; scimType?: string }): void {
  expect([status, json.status, json.scimType]).toEqual([expected.status, `${expected.status}`, expected.scimType]);
  expect(json.detail).toMatch(/\. (Send|Name) /);
}

describe('work beyond its limit is refused, and nothing of it is done', () => {
  it('a group or user that is larger than what is stored may be, made or grown to', async () => {
    const note = 'x'.repeat(330_000);
    expectRefusal(await suite.scim('POST', '/Groups', { displayName: suite.unique('large'), note }), { status: 413 });
    expectRefusal(await suite.scim('POST', '/Users', { userName: suite.unique('large'), note }), { status: 413 });
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
      const halves = ['a', 'b'].map((name) => patchBody({ op: 'add', value: { [name]: note.slice(0, 200_000) } }));
      expect((await suite.scim('PATCH', path, halves[0])).status).toBeLessThan(300);
      expectRefusal(await suite.scim('PATCH', path, halves[1]), { status: 413 });
      expect((await suite.scim('GET', path)).json).not.toHaveProperty('b');
    }
    expect(await suite.find('displayName sw "large"', '/Groups')).toEqual([]);
    expect(await suite.find('userName sw "large"')).toEqual([]);
  });

  it('a user of 256 kB is none', async () => {
    const { status } = await suite.scim('POST', '/Users', { userName: suite.unique('big'), note: 'x'.repeat(262_000) });
    expect(status).toBe(201);
  });

  it('a PATCH whose filters look at a long list again and again', async () => {
    const emails = Array.from({ length: 1_000 }, (_, n) => ({ value: `${n}@example.com` }));
    const user = await suite.makeUser({ emails });
    const filter = Array.from({ length: 90 }, (_, n) => `value co "~${n}"`).join(' or ');
    const operations = Array.from({ length: 100 }, () => ({
      op: 'replace',
      path: `emails[${filter} or value eq "0@example.com"].display`,
      value: 'Changed',
    }));
    expectRefusal(await suite.scim('PATCH', `/Users/${user.id}`, patchBody(...operations)), {
      status: 400,
      scimType: 'tooMany',
    });
    expect((await suite.scim('GET', `/Users/${user.id}`)).json.emails).toEqual(emails);
  });

  it('a search that names very many attributes, or very long ones', async () => {
    for (const attributes of [Array.from({ length: 101 }, (_, n) => `a${n}`), ['a'.repeat(257)]]) {
      const answer = await suite.scim('POST', '/Users/.search', { schemas: [SEARCH], attributes });
      expectRefusal(answer, { status: 400, scimType: 'tooMany' });
    }
  });
});
