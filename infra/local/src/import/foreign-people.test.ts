import { readResource, userResourceType } from '@rollcall/scim';
import { expect, it } from 'vitest';
import { toScimGroup, toScimUser } from './foreign-people';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

it('makes of a user at Scalekit what its identity provider would have sent', () => {
  const body = toScimUser(
    {
      id: 'diruser_1',
      email: 'ada@acme.test',
      preferred_username: 'ada',
      given_name: 'Ada',
      family_name: 'Marlow',
      emails: ['ada@acme.test', 'a.marlow@home.test'],
    },
    { dp_id: '00u1', name: 'Ada M.', active: false, department: 'Engineering', title: '', email: 'other@acme.test' },
  );
  expect(body).toEqual({
    userName: 'ada',
    externalId: '00u1',
    displayName: 'Ada M.',
    active: false,
    name: { givenName: 'Ada', familyName: 'Marlow' },
    emails: [{ value: 'ada@acme.test', type: 'work', primary: true }, { value: 'a.marlow@home.test' }],
    [ENTERPRISE]: { department: 'Engineering' },
  });
  expect(() => readResource(body, userResourceType)).not.toThrow();
});

it('makes of a user at WorkOS the same, from what the directory gave', () => {
  const body = toScimUser(
    {
      id: 'directory_user_1',
      idp_id: '00u2',
      email: 'bob@acme.test',
      first_name: 'Bob',
      last_name: null,
      state: 'inactive',
      raw_attributes: {},
    },
    { job_title: 'Clerk', username: 'bob', emails: [{ value: 'bob@acme.test', type: 'home', primary: true }] },
  );
  expect(body).toEqual({
    userName: 'bob',
    externalId: '00u2',
    title: 'Clerk',
    active: false,
    name: { givenName: 'Bob' },
    emails: [{ value: 'bob@acme.test', type: 'home', primary: true }],
  });
});

it('takes what the identity provider itself sent, where the service kept it', () => {
  const sent = { userName: 'eve', externalId: '00u3', active: true, custom: { badge: 7 } };
  const raw_attributes = { ...sent, id: 'diruser_3', meta: {}, groups: [{ value: 'g' }], password: 'x' };
  expect(toScimUser({ email: 'eve@acme.test', raw_attributes })).toEqual(sent);
});

it('makes of a group its name and external id', () => {
  expect(toScimGroup({ display_name: 'Sales' }, { external_id: 'g1', members: [] })).toEqual({
    displayName: 'Sales',
    externalId: 'g1',
  });
  expect(toScimGroup({ name: 'Sales', idp_id: 'g2', raw_attributes: {} })).toEqual({
    displayName: 'Sales',
    externalId: 'g2',
  });
});
