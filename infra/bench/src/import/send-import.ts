import { findDialect } from '@rollcall/idp-simulator';
import type { Dialect, DialectName } from '@rollcall/idp-simulator';
import { buildOktaGroup, buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { formatRequest } from '../load/drive-load';
import { openConnection } from '../load/open-connection';
import type { Connection } from '../load/open-connection';
import { reserveUsers } from '../scim/reserve-users';
import type { Directory } from '../systems/scim-system';
import { buildPerson, membersOf } from './import-size';
import type { ImportSize } from './import-size';

/** Imports everything into an empty directory. Returns how many requests that took. */
export type Import = (directory: Directory, size: ImportSize, inFlight: number) => Promise<number>;

type Send = Parameters<Dialect['assign']>[0];

/** The requests of an identity provider: first those of all users, then those of all groups with their members. */
export function importAs(name: DialectName): Import {
  const dialect = findDialect(name);
  return (directory, size, inFlight) =>
    withConnections(directory, inFlight, async (sends) => {
      const first = reserveUsers(size.users);
      const members: { remoteId: string; userName: string }[] = [];
      await inTurn(sends, size.users, async (send, n) => {
        const person = buildPerson(first + n);
        members[n] = { remoteId: await dialect.assign(send, { person }), userName: person.userName };
      });
      await inTurn(sends, size.groups, async (send, group) => {
        const ofGroup = membersOf(group, size).flatMap((n) => members[n] ?? []);
        await dialect.pushGroup(send, { id: `group-${group}`, name: `Team ${group}` }, ofGroup);
      });
    });
}

const USERS_OF_BULK = 500;
/** Each with all its members. */
const GROUPS_OF_BULK = 20;

/** Bulk requests (RFC 7644 §3.7): of users, then of groups with their members. */
export const importByBulk: Import = (directory, size, inFlight) =>
  withConnections(directory, inFlight, async (sends) => {
    const first = reserveUsers(size.users);
    const ids: string[] = [];
    await inTurn(sends, Math.ceil(size.users / USERS_OF_BULK), async (send, batch) => {
      const numbers = range(batch * USERS_OF_BULK, Math.min(size.users, (batch + 1) * USERS_OF_BULK));
      const made = await sendBulk(
        send,
        '/Users',
        numbers.map((n) => buildOktaUser(first + n)),
      );
      made.forEach((id, index) => (ids[numbers[index] ?? 0] = id));
    });
    await inTurn(sends, Math.ceil(size.groups / GROUPS_OF_BULK), async (send, batch) => {
      const groups = range(batch * GROUPS_OF_BULK, Math.min(size.groups, (batch + 1) * GROUPS_OF_BULK));
      const bodies = groups.map((group) =>
        buildOktaGroup(
          group,
          membersOf(group, size).map((n) => ids[n] ?? ''),
        ),
      );
      await sendBulk(send, '/Groups', bodies);
    });
  });

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

interface BulkAnswer {
  Operations: { status: string; location?: string }[];
}

/** Creates resources; their ids. */
async function sendBulk(send: Send, path: string, bodies: readonly object[]): Promise<string[]> {
  const Operations = bodies.map((data, index) => ({ method: 'POST', path, bulkId: `b${index}`, data }));
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
  const { body } = await send('POST', '/Bulk', { schemas, Operations });
  return (body as unknown as BulkAnswer).Operations.map(({ status, location }) => {
    if (status !== '201' || location === undefined) throw new Error(`an operation of Bulk was answered ${status}`);
    return location.slice(location.lastIndexOf('/') + 1);
  });
}

/** Opens connections for the time of the work. Returns how many requests went over them. */
async function withConnections(
  directory: Directory,
  inFlight: number,
  work: (sends: readonly Send[]) => Promise<void>,
): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: inFlight }, () => openConnection('127.0.0.1', directory.port)),
  );
  let requests = 0;
  try {
    await work(connections.map((connection) => sendOver(connection, directory, () => (requests += 1))));
  } finally {
    for (const connection of connections) connection.close();
  }
  return requests;
}

/** Each sends for its next number when its last is done. */
async function inTurn(
  sends: readonly Send[],
  count: number,
  work: (send: Send, n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async (send: Send): Promise<void> => {
    for (let n = next++; n < count; n = next++) await work(send, n);
  };
  await Promise.all(sends.map(run));
}

function sendOver(connection: Connection, directory: Directory, onSent: () => void): Send {
  return async (method, path, body) => {
    const request = { method, path, ...(body !== undefined && { body: body as object }) };
    const answer = await connection.send(formatRequest(directory, request));
    onSent();
    const text = answer.body.toString();
    if (answer.status >= 400) throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 300)}`);
    return {
      status: answer.status,
      headers: {},
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
}
