import { newId } from '@rollcall/platform';
import type { Random } from './create-random';
import { anyFilter, PATHS } from './generate-filter';
import { ACME, anyJson, anyText, CORE_USER, ENTERPRISE, ODD_TEXTS } from './generate-json';

/** What requests may refer to: resources that exist, or did. */
export interface FuzzState {
  users: string[];
  groups: string[];
  /** Names and other values that were sent. */
  values: string[];
}

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/** A user or group to store, most of it as its schema wants it. */
export function resourceBody(random: Random, state: FuzzState, endpoint: string): unknown {
  return endpoint === 'Users' ? userBody(random, state) : groupBody(random, state);
}

function userBody(random: Random, state: FuzzState): unknown {
  const values = (): unknown[] => random.times(random.below(3), () => anyValue(random, state));
  const body: Record<string, unknown> = { schemas: [CORE_USER], userName: anyName(random, state) };
  const optional: Record<string, () => unknown> = {
    externalId: () => anyName(random, state),
    displayName: () => anyName(random, state),
    title: () => anyText(random),
    active: () => random.pick([true, false, 'True', 'false', 'perhaps']),
    name: () => ({ givenName: anyText(random), familyName: random.pick(ODD_TEXTS) }),
    emails: values,
    roles: () => random.pick([values(), ['a', 'b'], 'a']),
    phoneNumbers: values,
    addresses: () => [
      { type: 'work', country: 'DE', primary: true },
      { country: anyText(random), primary: 'true' },
    ],
    password: () => 'hunter2',
    x509Certificates: () => [{ value: random.pick(['YWJj', 'no base64!']) }],
    groups: () => [{ value: random.pick([...state.groups, 'x']) }],
    meta: () => ({ version: 'W/"9"', resourceType: 'Robot' }),
    id: () => random.pick([...state.users, 'x']),
    [ENTERPRISE]: () => ({
      department: anyText(random),
      manager: random.pick<unknown>([{ value: random.pick([...state.users, 'x']) }, 'boss', '', null]),
    }),
    [ACME]: () => ({
      level: random.pick<unknown>([1, 2.5, 'high', null]),
      tags: random.times(random.below(3), () => anyText(random)),
      nested: anyJson(random),
    }),
    [CORE_USER]: () => ({ nickName: anyText(random) }),
    custom: () => anyJson(random),
  };
  for (const [name, make] of Object.entries(optional)) if (random.chance(0.25)) body[name] = make();
  return body;
}

function groupBody(random: Random, state: FuzzState): unknown {
  return {
    displayName: anyName(random, state),
    ...(random.chance(0.2) && { externalId: anyName(random, state) }),
    ...(random.chance(0.6) && { members: members(random, state) }),
    ...(random.chance(0.1) && { custom: anyJson(random) }),
  };
}

/** Names repeat, so that uniqueness is met. */
function anyName(random: Random, state: FuzzState): string {
  const name = random.chance(0.9)
    ? `${random.pick(['ann', 'ANN', 'bob', 'Ω', 'ß', 'İ'])}${random.below(100)}`
    : anyText(random);
  if (state.values.length < 500) state.values.push(name.slice(0, 100));
  return name;
}

function anyValue(random: Random, state: FuzzState): unknown {
  return {
    value: anyName(random, state),
    ...(random.chance(0.6) && { type: random.pick(['work', 'home', 'WORK', 5, null]) }),
    ...(random.chance(0.4) && { primary: random.pick([true, true, false, 'True']) }),
  };
}

function members(random: Random, { users, groups }: FuzzState): unknown {
  const ids = [...users.slice(-100), ...groups.slice(-20), 'nobody', newId()];
  const list = random.times(random.below(6), () => ({
    value: random.pick(ids),
    ...(random.chance(0.2) && { $ref: null, type: 'User' }),
  }));
  return random.chance(0.9) ? list : random.pick<unknown>([null, [], list[0], ['x'], [{}]]);
}

/** A PATCH of one to four operations. */
export function patchBody(random: Random, state: FuzzState): unknown {
  return { schemas: [PATCH], Operations: random.times(1 + random.below(4), () => patchOperation(random, state)) };
}

function patchOperation(random: Random, state: FuzzState): unknown {
  const op = random.pick(['add', 'replace', 'remove', 'Add', 'Replace', 'Remove', 'move']);
  const roll = random.below(10);
  const somebody = random.pick([...state.users, 'x']);
  if (roll < 2)
    return {
      op,
      value: random.pick([() => userBody(random, state), () => groupBody(random, state), () => anyJson(random)])(),
    };
  if (roll < 5) {
    const path = random.pick([
      'members',
      `members[value eq "${somebody}"]`,
      `members[value eq "${somebody}"].value`,
      'members[display eq "x"]',
    ]);
    return { op, path, ...(random.chance(0.8) && { value: members(random, state) }) };
  }
  if (roll < 7) {
    const filter = anyFilter(random, state.values, 2);
    return {
      op,
      path: `${random.pick(['emails', 'roles', 'addresses', `${ACME}:tags`, 'name'])}[${filter}]${random.pick(['', '.value', '.primary', '.x'])}`,
      value: random.pick<unknown>([true, 'x', null, anyValue(random, state)]),
    };
  }
  const path = random.chance(0.1) ? anyText(random) : random.pick(PATHS);
  return {
    op,
    path,
    ...(random.chance(0.85) && {
      value: random.pick([() => anyJson(random), () => anyText(random), () => [anyValue(random, state)]])(),
    }),
  };
}

/** A bulk request of one to six operations, some of which refer to each other. */
export function bulkBody(random: Random, state: FuzzState): unknown {
  const operations = random.times(1 + random.below(6), (index) => {
    const endpoint = random.pick(['Users', 'Groups']);
    const bulkId = random.pick(['a', 'b', 'c', String(index)]);
    const id = random.pick([...state.users, ...state.groups, `bulkId:${bulkId}`, 'nobody']);
    const reference = {
      displayName: anyName(random, state),
      members: [{ value: `bulkId:${random.pick(['a', 'b', 'c'])}` }],
    };
    return random.pick<() => unknown>([
      () => ({ method: 'POST', path: `/${endpoint}`, bulkId, data: resourceBody(random, state, endpoint) }),
      () => ({ method: 'POST', path: '/Groups', bulkId, data: reference }),
      () => ({
        method: 'PATCH',
        path: `/${endpoint}/${id}`,
        version: random.pick([undefined, 'W/"1"']),
        data: patchBody(random, state),
      }),
      () => ({ method: 'PUT', path: `/${endpoint}/${id}`, data: resourceBody(random, state, endpoint) }),
      () => ({ method: 'DELETE', path: `/${endpoint}/${id}`, bulkId }),
      () => ({
        method: random.pick(['GET', 'post', 'MOVE']),
        path: random.pick(['/', '/Me', 'Users', '/Users/.search', '/Bulk']),
        bulkId,
        data: anyJson(random),
      }),
    ])();
  });
  return {
    schemas: [BULK],
    ...(random.chance(0.3) && { failOnErrors: random.pick([1, 2, 0, 'x']) }),
    Operations: operations,
  };
}
