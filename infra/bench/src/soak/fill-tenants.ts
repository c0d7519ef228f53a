import { buildOktaGroup, buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { driveLoad, sendOne } from '../load/drive-load';
import { reserveUsers } from '../scim/reserve-users';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { Tenant } from './mix-requests';

const USERS = 500;
const LEAVING = 50;
const MEMBERS = 100;

/** Makes directories over SCIM, each with users and one group of 100. */
export async function fillTenants(rollcall: RollcallSystem, count: number): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for (let number = 0; number < count; number++) tenants.push(await fillTenant(rollcall, number));
  return tenants;
}

async function fillTenant(rollcall: RollcallSystem, number: number): Promise<Tenant> {
  const directory = await rollcall.createDirectory();
  const first = reserveUsers(USERS + LEAVING);
  const ids = new Map<string, string>();
  let n = first;
  await driveLoad({
    target: directory,
    inFlight: 16,
    next: () =>
      n < first + USERS + LEAVING
        ? { method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 }
        : undefined,
    onAnswer: ({ body }) => {
      const { id, userName } = JSON.parse(body.toString()) as { id: string; userName: string };
      ids.set(userName, id);
    },
  });
  const idOf = (index: number) => ids.get(String(buildOktaUser(first + index)['userName'])) ?? '';
  const users = Array.from({ length: USERS }, (_, index) => ({ id: idOf(index), n: first + index, active: true }));
  const memberIds = users.slice(0, MEMBERS).map(({ id }) => id);
  const body = buildOktaGroup(number, memberIds);
  const { id: groupId } = await sendOne<{ id: string }>(directory, {
    method: 'POST',
    path: '/Groups',
    body,
    expect: 201,
  });
  return {
    directory,
    users,
    leaving: Array.from({ length: LEAVING }, (_, index) => idOf(USERS + index)),
    groupId,
    memberIds,
    otherIds: users.slice(MEMBERS).map(({ id }) => id),
  };
}
