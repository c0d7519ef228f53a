import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Scenario } from '../scenario';
import { patchActive } from './change-users';
import { grownDirectories } from './grown-directories';
import type { StoredUser } from './grown-directories';
import { reserveUsers } from './reserve-users';
import { roundSeconds } from './round-seconds';

/** How cost grows with a directory's users: directories of several sizes in one database, each in turn. */
export const growUserScenarios: readonly Scenario[] = [
  growUsers('create user', 16, (_users, first) => {
    let n = first;
    return () => ({ method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 });
  }),
  growUsers('find by userName', 16, (users) =>
    goRound(users, ({ userName }) => ({
      method: 'GET',
      path: `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
    })),
  ),
  growUsers('read user', 16, (users) => goRound(users, ({ id }) => ({ method: 'GET', path: `/Users/${id}` }))),
  growUsers('list users, first page of 100', 1, () => () => ({ method: 'GET', path: '/Users?startIndex=1&count=100' })),
  // Deactivated, and activated again the next time that it is a user's turn.
  growUsers('PATCH active', 16, (users) => goRound(users, ({ id }, turn) => patchActive(id, turn % 2 === 1))),
  growUsers('delete user', 1, (users) => {
    let next = 0;
    return () => {
      const user = users[next++];
      return user && { method: 'DELETE', path: `/Users/${user.id}`, expect: 204 };
    };
  }),
];

function growUsers(
  what: string,
  inFlight: number,
  requests: (users: readonly StoredUser[], first: number) => () => LoadRequest | undefined,
): Scenario {
  return {
    name: `growth: ${what}, ${inFlight} in flight`,
    prepare: async (world) => ({
      contenders: (await grownDirectories(world)).map(({ system, size, directory, users }) => {
        const next = requests(users, reserveUsers(1_000_000));
        const load = { target: directory, inFlight, next, seconds: roundSeconds(world) / 2 };
        return { name: `rollcall, ${size.toLocaleString('en-US')} users`, run: () => measureLoad(system, load) };
      }),
    }),
  };
}

/** One user after the other, from the first again after the last; `turn` counts the rounds from 0. */
function goRound(
  users: readonly StoredUser[],
  toRequest: (user: StoredUser, turn: number) => LoadRequest,
): () => LoadRequest {
  let count = 0;
  return () => {
    const user = users[count % users.length] ?? { id: '', userName: '' };
    const turn = Math.floor(count++ / users.length);
    return toRequest(user, turn);
  };
}
