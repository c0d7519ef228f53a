import { ENTERPRISE_USER_URN } from '@rollcall/scim';
import { describe, expect, it } from 'vitest';
import type { UserWritten } from './change';
import { compileRules, isAttributePath, NO_RULES } from './compile-rules';
import { normalizeChanges } from './normalize-changes';
import { readCustomAttributes } from './read-custom-attributes';

const user = {
  userName: 'jane',
  title: 'Boss',
  emails: [
    { value: 'w@x', type: 'work' },
    { value: 'h@x', type: 'home' },
  ],
  [ENTERPRISE_USER_URN]: { department: 'Ops' },
};

function map(...keys: string[]) {
  const attributeMappings = keys.map((key) => ({ key, map_to: key }));
  return readCustomAttributes(user, compileRules({ ...NO_RULES, attributeMappings }).attributes);
}

describe('compileRules', () => {
  it('reads each mapping as SCIM reads its path', () => {
    const paths = [
      'department',
      'urn:scim:schemas:core:2.0:User:title',
      'emails[type ne "work"].value',
      'emails[type eq "x" or value co "h"].value',
    ];
    expect(Object.values(map(...paths))).toEqual(['Ops', 'Boss', 'h@x', 'h@x']);
  });

  it('reads fallback keys in order, then takes the default', () => {
    const attributeMappings = [
      { key: 'nickName', map_to: 'a', fallback_keys: ['displayName', 'title', 'userName'], default: 'none' },
      { key: 'nickName', map_to: 'b', fallback_keys: ['displayName'], default: false },
      { key: 'nickName', map_to: 'c', default: null },
    ];
    const { attributes } = compileRules({ ...NO_RULES, attributeMappings });
    expect(readCustomAttributes(user, attributes)).toEqual({ a: 'Boss', b: false });
  });

  it('reads nothing where a stored path is none, and the other paths all the same', () => {
    expect(map('a.b.c', 'emails[type', 'title')).toEqual({ title: 'Boss' });
  });

  it('compiles the paths once for a batch, however many users it has', () => {
    let reads = 0;
    const attributeMappings = ['title', 'department'].map((path) => ({
      get key() {
        reads++;
        return path;
      },
      map_to: path,
    }));
    const changes = Array.from({ length: 50 }, (_, index): UserWritten => {
      const id = `u${index}`;
      return { kind: 'user_written', id, resourceId: id, occurredAt: new Date(0), resource: user };
    });
    const { events } = normalizeChanges(
      changes,
      { users: new Map(), groups: new Map(), groupIdsOfUser: new Map() },
      {
        environmentId: 'e1',
        organizationId: 'o1',
        directoryId: 'd1',
        lastSequence: 0,
        epoch: 1,
        newEventId: () => 'v1',
        roles: { ...NO_RULES, attributeMappings },
      },
    );
    expect(events).toHaveLength(50);
    expect(events.at(-1)?.body).toContain('"custom_attributes":{"title":"Boss","department":"Ops"}');
    expect(reads, 'of the texts of two paths, for fifty users').toBe(2);
  });
});

describe('isAttributePath', () => {
  it('accepts paths, also into extensions that no user has yet', () => {
    const paths = [
      'title',
      'name.givenName',
      'department',
      'emails[type eq "work" or not (primary pr)].value',
      `${ENTERPRISE_USER_URN}:department`,
      'urn:acme:User:a.b',
    ];
    expect(paths.filter((path) => !isAttributePath(path))).toEqual([]);
  });

  it('refuses what no stored user has at any time', () => {
    const texts = ['', ' ', 'a b', 'emails[', 'emails[]', 'emails[type]', 'a..b', 'a.', 'urn:acme:', 'a.b.c', '\0'];
    expect([...texts, 'id', 'meta.created', 'groups', 'password'].filter(isAttributePath)).toEqual([]);
  });
});
