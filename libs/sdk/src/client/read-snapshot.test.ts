import * as fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, startApiServer } from './api-server.test-support';
import type { ApiServer } from './api-server.test-support';
import { createRollcallClient } from './create-rollcall-client';
import { readSnapshot } from './read-snapshot';
import type { SnapshotRecord } from './read-snapshot';

const HEADER = { kind: 'header', directory_id: 'dir_1', sequence: 7, time: '2026-11-21T10:20:17.072Z' };
const RECORDS = [
  HEADER,
  { kind: 'user', data: { id: 'diruser_1', name: 'Zoë 🦊' } },
  { kind: 'user', data: { id: 'diruser_2', name: null } },
  { kind: 'group', data: { id: 'dirgroup_1' } },
  { kind: 'membership', group_id: 'dirgroup_1', user_id: 'diruser_1' },
  { kind: 'end', users: 2, groups: 1, memberships: 1 },
];

describe('readSnapshot', () => {
  it('reads the records however the bytes are cut into chunks', async () => {
    const bytes = Buffer.from(toLines(RECORDS));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(await read(chunks)).toEqual(RECORDS);
      }),
    );
  });

  it('throws when the stream was cut, wherever that was', async () => {
    const text = toLines(RECORDS);
    for (let length = 0; length < text.length; length += 1) {
      await expect(read([Buffer.from(text.slice(0, length))])).rejects.toMatchObject({ code: 'snapshot_incomplete' });
    }
  });

  it('throws when the end counts other records than there were', async () => {
    for (const kind of ['users', 'groups', 'memberships']) {
      const records = [...RECORDS.slice(0, -1), { ...RECORDS.at(-1), [kind]: 5 }];
      await expect(read([Buffer.from(toLines(records))])).rejects.toMatchObject({ code: 'snapshot_incomplete' });
    }
  });

  it('refuses what is no snapshot', async () => {
    const user = RECORDS[1]!;
    const end = { kind: 'end', users: 0, groups: 0, memberships: 0 };
    for (const records of [
      [user],
      [HEADER, HEADER],
      [HEADER, end, user],
      [HEADER, { kind: 'x' }],
      [null],
      ['header'],
    ]) {
      await expect(read([Buffer.from(toLines(records))])).rejects.toMatchObject({ code: 'response_invalid' });
    }
    await expect(read([Buffer.from('<html>\n</html>\n')])).rejects.toMatchObject({ code: 'response_invalid' });
  });
});

describe('directories.snapshot', () => {
  let server: ApiServer | undefined;
  afterEach(() => server?.stop());

  async function open(answer: (response: ServerResponse) => void, timeoutSeconds = 5) {
    server = await startApiServer((_, response) => answer(response));
    const { baseUrl } = server;
    const client = createRollcallClient({ baseUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, timeoutSeconds });
    return client.directories.snapshot('org_1', 'dir_1');
  }

  it('streams the records over HTTP', async () => {
    const snapshot = await open((response) => response.end(toLines(RECORDS)));
    expect(await collect(snapshot)).toEqual(RECORDS);
    expect(server?.requests[0]?.url).toBe('/api/v1/organizations/org_1/directories/dir_1/snapshot');
  });

  it('throws when the server drops the connection half-way', async () => {
    const snapshot = await open((response) => {
      response.write(toLines(RECORDS.slice(0, 3)), () => response.destroy());
    });
    await expect(collect(snapshot)).rejects.toMatchObject({ status: 0, code: 'snapshot_incomplete' });
  });

  it('gives up a server that sends nothing more', async () => {
    const snapshot = await open((response) => void response.write(toLines(RECORDS.slice(0, 3))), 1);
    await expect(collect(snapshot)).rejects.toMatchObject({ status: 0, code: 'timeout' });
  });

  it('does not count the time that the reader takes', async () => {
    let sendRest: () => void = () => undefined;
    const snapshot = await open((response) => {
      response.write(toLines(RECORDS.slice(0, 3)));
      sendRest = () => response.end(toLines(RECORDS.slice(3)));
    }, 1);
    const records: SnapshotRecord[] = [];
    for await (const record of snapshot) {
      records.push(record);
      if (record.kind !== 'header') continue;
      sendRest();
      await new Promise((resolve) => setTimeout(resolve, 1_300));
    }
    expect(records).toEqual(RECORDS);
  });

  it('closes the connection when the reader leaves early', async () => {
    let isClosed = false;
    const snapshot = await open((response) => {
      response.on('close', () => (isClosed = true));
      response.write(toLines(RECORDS.slice(0, 3)));
    });
    for await (const record of snapshot) if (record.kind === 'user') break;
    await expect.poll(() => isClosed).toBe(true);
  });
});

async function read(chunks: Uint8Array[]): Promise<SnapshotRecord[]> {
  const stream = (async function* () {
    yield* chunks;
  })();
  return collect(readSnapshot(stream));
}

async function collect(snapshot: AsyncIterable<SnapshotRecord>): Promise<SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for await (const record of snapshot) records.push(record);
  return records;
}

function toLines(records: unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
