import { describe, expect, it } from 'vitest';
import {
  GROUP_URN,
  USER_URN,
  ENTERPRISE_USER_URN,
  applyPatch,
  evaluateFilter,
  groupResourceType,
  parseFilter,
} from './index';
import {
  parseListQuery,
  parsePatchRequest,
  planGroupPatch,
  readResource,
  replaceResource,
  userResourceType,
} from './index';
import type { JsonObject, JsonValue, ScimResource } from './index';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

/** A user as stored after a POST of the body. */
const post = (body: object): ScimResource => readResource({ userName: 'u@x', ...body }, userResourceType).resource;

/** A user after a PATCH, its operations as a provider sends them. */
function patch(user: ScimResource, ...Operations: JsonObject[]): ScimResource {
  const operations = parsePatchRequest({ schemas, Operations });
  return applyPatch(user, operations, userResourceType, { strict: false }).resource;
}

const planGroup = (...Operations: JsonObject[]) =>
  planGroupPatch(parsePatchRequest({ schemas, Operations }), groupResourceType);

describe('Okta', () => {
  const user = post({
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: 'u@x', type: 'work' }],
    externalId: '00u1',
    groups: [],
    password: 'placeholder',
    active: true,
  });

  it('creates users with a placeholder password and empty groups', () => {
    expect(user).toEqual({
      schemas: [USER_URN],
      userName: 'u@x',
      name: { givenName: 'Test', familyName: 'User' },
      emails: [{ primary: true, value: 'u@x', type: 'work' }],
      externalId: '00u1',
      active: true,
    });
  });

  it('puts the server’s own representation back with stale id, meta and groups', () => {
    const meta = { resourceType: 'User', location: 'https://elsewhere.invalid/Users/1', version: 'W/"1"' };
    const next = post({ ...user, id: 'other', meta, groups: [{ value: 'g', $ref: 'x' }], locale: 'en-US' });
    expect(replaceResource(user, next, userResourceType).resource).toEqual({ ...user, locale: 'en-US' });
    expect(replaceResource(user, post({ ...user, id: 'other', meta }), userResourceType).changed).toBe(false);
  });

  it('activates and deactivates without path, in a list, with the resource’s own id', () => {
    expect(patch(user, { op: 'replace', value: { active: false } })['active']).toBe(false);
    expect(patch(user, { op: 'replace', value: { active: [false] } })['active']).toBe(false);
    expect(patch(user, { op: 'replace', path: 'active', value: [false] })['active']).toBe(false);
    expect(patch(user, { op: 'replace', value: [{ active: false }] })['active']).toBe(false);
    expect(patch(user, { op: 'replace', value: { id: 'x', displayName: 'N', active: true } })).toEqual({
      ...user,
      displayName: 'N',
    });
  });

  it('sends a new password without path', () => {
    const operations = parsePatchRequest({ schemas, Operations: [{ op: 'replace', value: { password: 'N3w' } }] });
    expect(applyPatch(user, operations, userResourceType, { strict: false })).toEqual({
      resource: user,
      changed: false,
      password: 'N3w',
    });
  });

  it('uses the core URN as a container, in bodies and operations', () => {
    const roles = [{ type: 'LICENSED_USER', value: 'LICENSED_USER' }];
    expect(post({ roles: ['old'], [USER_URN]: { roles } })['roles']).toEqual(roles);
    expect(patch(user, { op: 'replace', value: { [USER_URN]: { roles } } })['roles']).toEqual(roles);
    expect(post({ [USER_URN]: { roles } })).not.toHaveProperty([USER_URN]);
  });

  it('sends roles as plain strings, as typed objects, and both stay as sent', () => {
    expect(post({ roles: ['admin', 'billing'] })['roles']).toEqual(['admin', 'billing']);
    expect(post({ roles: [{ type: 'Primary', value: 'admin' }] })['roles']).toEqual([
      { type: 'Primary', value: 'admin' },
    ]);
    const strings = post({ roles: ['admin', 'billing'] });
    expect(patch(strings, { op: 'remove', path: 'roles[value eq "admin"]' })['roles']).toEqual(['billing']);
    expect(patch(strings, { op: 'add', path: 'roles', value: 'ADMIN' })).toBe(strings);
    expect(patch(strings, { op: 'add', path: 'roles', value: 'x' })['roles']).toEqual(['admin', 'billing', 'x']);
  });

  it('sends custom attributes in containers of its own, patchable by path', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:acme_1:2.0:User';
    const custom = post({ [urn]: { badge: '1' }, tShirt: 'L' });
    expect(custom).toMatchObject({ schemas: [USER_URN, urn], [urn]: { badge: '1' }, tShirt: 'L' });
    expect(patch(custom, { op: 'replace', path: `${urn}:BADGE`, value: '2' })[urn]).toEqual({ badge: '2' });
    expect(patch(custom, { op: 'replace', path: 'tshirt', value: 'M' })).toEqual({ ...custom, tShirt: 'M' });
    expect(patch(custom, { op: 'remove', path: urn })).toEqual({ schemas: [USER_URN], userName: 'u@x', tShirt: 'L' });
  });

  it('moves group members with a filter and a list, and renames without path', () => {
    expect(
      planGroup(
        { op: 'remove', path: 'members[value eq "a"]' },
        { op: 'add', path: 'members', value: [{ value: 'b', display: 'b@x' }] },
        { op: 'replace', value: { id: 'g1', displayName: 'renamed' } },
      ),
    ).toEqual({
      attributeOperations: [{ op: 'replace', value: { id: 'g1', displayName: 'renamed' } }],
      membership: [
        { kind: 'remove', members: ['a'] },
        { kind: 'add', members: ['b'] },
      ],
    });
  });

  it('pushes an empty group without path or as an empty list', () => {
    expect(planGroup({ op: 'replace', value: { members: [], id: 'g1', displayName: 'g' } }).membership).toEqual([
      { kind: 'removeAll' },
    ]);
    expect(planGroup({ op: 'replace', path: 'members', value: [] }).membership).toEqual([{ kind: 'removeAll' }]);
  });

  it('tests its connection with startIndex and count only', () => {
    expect(parseListQuery({ startIndex: '1', count: '2' })).toEqual({ startIndex: 1, count: 2, projection: {} });
  });
});

describe('Microsoft Entra ID', () => {
  const user = post({
    schemas: [USER_URN, ENTERPRISE_USER_URN],
    name: { formatted: 'G F', familyName: 'F', givenName: 'G' },
    emails: [{ primary: true, type: 'work', value: 'u@x' }],
    meta: { resourceType: 'User' },
    roles: [],
    active: true,
  });

  it('creates users with string booleans, nulls and the manager as a bare string', () => {
    expect(
      post({
        active: 'True',
        addresses: null,
        department: null,
        manager: null,
        emails: [{ primary: 'true', type: 'work', value: 'u@x' }],
        name: { formatted: null, familyName: 'V', givenName: 'A' },
        [ENTERPRISE_USER_URN]: { employeeNumber: '123', manager: 'm1' },
      }),
    ).toEqual({
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      userName: 'u@x',
      active: true,
      emails: [{ primary: true, type: 'work', value: 'u@x' }],
      name: { familyName: 'V', givenName: 'A' },
      [ENTERPRISE_USER_URN]: { employeeNumber: '123', manager: { value: 'm1' } },
    });
  });

  it('does not list the enterprise schema without enterprise data', () => {
    expect(user['schemas']).toEqual([USER_URN]);
  });

  it('capitalises operations and sends booleans as strings', () => {
    expect(patch(user, { op: 'Replace', path: 'active', value: 'False' })['active']).toBe(false);
    expect(patch(post({ active: false }), { op: 'Add', path: 'active', value: 'True' })['active']).toBe(true);
  });

  it('changes one attribute per operation, with filtered and qualified paths', () => {
    const patched = patch(
      user,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@x' },
      { op: 'Replace', path: 'name.familyName', value: 'New' },
      { op: 'Add', path: `${ENTERPRISE_USER_URN}:department`, value: 'Bears' },
      { op: 'Add', path: `${ENTERPRISE_USER_URN}:employeeNumber`, value: '7' },
    );
    expect(patched).toEqual({
      ...user,
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      emails: [{ primary: true, type: 'work', value: 'new@x' }],
      name: { formatted: 'G F', familyName: 'New', givenName: 'G' },
      [ENTERPRISE_USER_URN]: { department: 'Bears', employeeNumber: '7' },
    });
  });

  it.each(['Add', 'Replace'])('makes the value that a value path describes on %s', (op) => {
    const patched = patch(
      user,
      { op, path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
      { op, path: 'addresses[type eq "work"].locality', value: 'Redmond' },
      { op, path: 'addresses[type eq "work"].country', value: 'US' },
      { op, path: 'roles[primary eq "True"].value', value: 'Administrator' },
    );
    expect(patched).toMatchObject({
      phoneNumbers: [{ type: 'mobile', value: '+1 555 0100' }],
      addresses: [{ type: 'work', locality: 'Redmond', country: 'US' }],
      roles: [{ primary: true, value: 'Administrator' }],
    });
  });

  it('sends dotted and qualified keys in one operation without path', () => {
    const value: JsonValue = {
      displayName: 'D',
      'name.givenName': 'New',
      [`${ENTERPRISE_USER_URN}:employeeNumber`]: '7',
      [`${ENTERPRISE_USER_URN}:manager`]: 'm1',
      'emails[type eq "home"].value': 'h@x',
    };
    expect(patch(user, { op: 'replace', value })).toEqual({
      ...user,
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      displayName: 'D',
      name: { formatted: 'G F', familyName: 'F', givenName: 'New' },
      emails: [
        { primary: true, type: 'work', value: 'u@x' },
        { type: 'home', value: 'h@x' },
      ],
      [ENTERPRISE_USER_URN]: { employeeNumber: '7', manager: { value: 'm1' } },
    });
  });

  it('merges a complex attribute that it replaces', () => {
    const merged = { formatted: 'G F', familyName: 'Merged', givenName: 'G' };
    expect(patch(user, { op: 'Replace', path: 'name', value: { familyName: 'Merged' } })['name']).toEqual(merged);
    expect(patch(user, { op: 'replace', value: { name: { familyName: 'Merged' } } })['name']).toEqual(merged);
  });

  const referred = { $ref: 'http://x/Users/m2', value: 'm2' };

  it.each<[string, JsonValue, JsonObject]>([
    [`${ENTERPRISE_USER_URN}:manager`, 'm2', { value: 'm2' }],
    [`${ENTERPRISE_USER_URN}:manager`, { value: 'm2' }, { value: 'm2' }],
    [`${ENTERPRISE_USER_URN}:manager`, [referred], referred],
    [`${ENTERPRISE_USER_URN}:manager.value`, 'm2', { value: 'm2' }],
    ['manager', [referred], referred],
    ['manager', 'm2', { value: 'm2' }],
  ])('sets the manager at %s to %j', (path, value, manager) => {
    for (const before of [user, post({ [ENTERPRISE_USER_URN]: { manager: { value: 'm1', note: 'of m1' } } })]) {
      for (const op of ['Add', 'Replace']) {
        expect(patch(before, { op, path, value })[ENTERPRISE_USER_URN]).toEqual({ manager });
      }
    }
  });

  it.each<JsonValue>(['', { value: '' }, null, [], [{ value: '' }]])(
    'removes the manager when replaced by %j',
    (value) => {
      const managed = post({ [ENTERPRISE_USER_URN]: { manager: { value: 'm1' }, department: 'D' } });
      const path = `${ENTERPRISE_USER_URN}:manager`;
      expect(patch(managed, { op: 'Replace', path, value })[ENTERPRISE_USER_URN]).toEqual({ department: 'D' });
      expect(patch(managed, { op: 'Replace', value: { [path]: value } })[ENTERPRISE_USER_URN]).toEqual({
        department: 'D',
      });
      expect(patch(user, { op: 'Replace', path, value })).toBe(user);
    },
  );

  it('sends roles as stringified JSON, which stays as sent', () => {
    const value = '{"id":"18d1","value":"Admin","displayName":"Administrator"}';
    expect(patch(user, { op: 'Add', path: 'roles', value: [{ value }] })['roles']).toEqual([{ value }]);
  });

  it('removes filtered sub-attributes and plain attributes', () => {
    const before = post({ title: 'Eng', phoneNumbers: [{ type: 'mobile', value: '1' }] });
    const patched = patch(
      before,
      { op: 'Remove', path: 'phoneNumbers[type eq "mobile"].value' },
      { op: 'Remove', path: 'title' },
    );
    expect(patched).toEqual({ schemas: [USER_URN], userName: 'u@x' });
  });

  it('patches an attribute of an extension that nobody declared', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User';
    expect(patch(user, { op: 'Add', path: `${urn}:tag`, value: 'x' })).toMatchObject({
      schemas: [USER_URN, urn],
      [urn]: { tag: 'x' },
    });
  });

  it('keeps userName in the case sent, and the name it gives a soft-deleted user', () => {
    expect(patch(user, { op: 'Replace', path: 'userName', value: '8AA1A0C0Mixed@Case' })['userName']).toBe(
      '8AA1A0C0Mixed@Case',
    );
  });

  it('filters by work e-mail, by id and manager, with double spaces', () => {
    const managed = { ...post({ emails: user['emails'] ?? [], [ENTERPRISE_USER_URN]: { manager: 'm1' } }), id: '1' };
    const matches = (text: string) => evaluateFilter(parseFilter(text), managed, userResourceType);
    expect(matches('emails[type eq "work"].value eq "U@X"')).toBe(true);
    expect(matches('id eq "1" and manager eq "m1"')).toBe(true);
    expect(matches('userName eq  "u@x"  and id eq "1"')).toBe(true);
  });

  it('creates groups with a schema URN of its own and no members', () => {
    const body = {
      schemas: [GROUP_URN, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: 'e',
      displayName: 'g',
      meta: { resourceType: 'Group' },
    };
    expect(readResource(body, groupResourceType)).toEqual({
      resource: { schemas: [GROUP_URN], externalId: 'e', displayName: 'g' },
    });
  });

  it('removes only the listed members, and adds members it added before', () => {
    const value = [{ $ref: null, value: 'a' }];
    expect(planGroup({ op: 'Remove', path: 'members', value }).membership).toEqual([
      { kind: 'remove', members: ['a'] },
    ]);
    expect(planGroup({ op: 'Add', path: 'members', value }).membership).toEqual([{ kind: 'add', members: ['a'] }]);
  });
});

describe('OneLogin', () => {
  it('names legacy schemas and uses one as the key of the enterprise container', () => {
    expect(
      post({
        schemas: ['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0'],
        'urn:scim:schemas:extension:enterprise:2.0': { department: 'Sales' },
      }),
    ).toEqual({
      schemas: [USER_URN, ENTERPRISE_USER_URN],
      userName: 'u@x',
      [ENTERPRISE_USER_URN]: { department: 'Sales' },
    });
  });

  it('sends e-mails as one object', () => {
    expect(post({ emails: { value: 'a@x' } })['emails']).toEqual([{ value: 'a@x' }]);
    expect(patch(post({}), { op: 'replace', value: { emails: { value: 'a@x' } } })['emails']).toEqual([
      { value: 'a@x' },
    ]);
  });

  it('sends empty objects and nulls among phone numbers and addresses', () => {
    const user = post({
      phoneNumbers: [{}, null, { value: '1' }],
      addresses: [{}],
      emails: [{ value: 'a@x', type: null }],
    });
    expect(user).toEqual({
      schemas: [USER_URN],
      userName: 'u@x',
      phoneNumbers: [{ value: '1' }],
      emails: [{ value: 'a@x' }],
    });
  });
});

describe('JumpCloud', () => {
  it('changes one attribute per operation, booleans included', () => {
    const user = post({ active: true, name: { givenName: 'A', familyName: 'B' } });
    const patched = patch(
      user,
      { op: 'replace', path: 'name.givenName', value: 'C' },
      { op: 'replace', path: 'active', value: false },
    );
    expect(patched).toEqual({ ...user, active: false, name: { givenName: 'C', familyName: 'B' } });
  });

  it('adds members without type or display and removes them by a value list', () => {
    expect(planGroup({ op: 'add', path: 'members', value: [{ value: 'a' }] }).membership).toEqual([
      { kind: 'add', members: ['a'] },
    ]);
    expect(planGroup({ op: 'remove', path: 'members', value: [{ value: 'a' }] }).membership).toEqual([
      { kind: 'remove', members: ['a'] },
    ]);
  });
});

describe('Google Workspace', () => {
  it('names a SCIM 1.0 schema beside the SCIM 2.0 one', () => {
    expect(post({ schemas: ['urn:scim:schemas:core:1.0', USER_URN] })['schemas']).toEqual([USER_URN]);
  });
});

describe('Microsoft’s collection and other clients', () => {
  it('post without schemas', () => {
    expect(readResource({ userName: 'x' }, userResourceType).resource['schemas']).toEqual([USER_URN]);
  });

  it('put a group without members, which keeps them, or with none, which empties it', () => {
    expect(readResource({ displayName: 'g' }, groupResourceType)).not.toHaveProperty('members');
    expect(readResource({ displayName: 'g', members: null }, groupResourceType).members).toEqual([]);
  });
});
