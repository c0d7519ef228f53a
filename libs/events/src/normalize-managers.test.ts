import { describe, expect, it } from 'vitest';
import type { Change } from './change';
import { SimulatedDirectory } from './simulated-directory.test-support';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BOSS = '01kahx0000000000000000a001';
const ADA = '01kahx0000000000000000a002';

const occurredAt = new Date('2026-11-21T10:20:17.072Z');
let lastChangeId = 0;
const base = () => ({ id: String((lastChangeId += 1)), occurredAt });

const writeBoss = (displayName: string): Change => write(BOSS, { displayName });
const writeReport = (title: string, managerName?: string): Change =>
  write(ADA, { title, [ENTERPRISE]: { manager: { value: BOSS, displayName: managerName } } });

function write(resourceId: string, attributes: object): Change {
  return {
    ...base(),
    kind: 'user_written',
    resourceId,
    resource: { userName: `${resourceId}@acme.com`, ...attributes },
  };
}

/** How the events of the report call its manager, when batches of so many changes are drained. */
function namesIn(batchSize: number, changes: readonly Change[]): unknown[] {
  const directory = new SimulatedDirectory({});
  for (let start = 0; start < changes.length; start += batchSize) {
    directory.enqueue(changes.slice(start, start + batchSize));
    directory.drain();
  }
  const reports = directory.events.filter(({ data }) => data.id === `diruser_${ADA}`);
  return reports.map(({ data }) => (data as { manager?: { display_name: unknown } }).manager?.display_name);
}

describe.each([1, 2, 100])('the name of a manager in batches of %i', (batchSize) => {
  it('is the one that the user is published with at the time', () => {
    const changes = [
      writeReport('before the manager', 'Sent'),
      writeBoss('Ada Boss'),
      writeReport('after it'),
      writeBoss('Ada Renamed'),
      writeReport('after the new name', 'Sent'),
    ];
    expect(namesIn(batchSize, changes)).toEqual(['Sent', 'Ada Boss', 'Ada Renamed']);
  });

  it('is the one that was sent when the user is gone', () => {
    const gone: Change = { ...base(), kind: 'user_deleted', resourceId: BOSS };
    const changes = [writeBoss('Ada Boss'), writeReport('a', 'Sent'), gone, writeReport('b', 'Sent'), writeReport('c')];
    expect(namesIn(batchSize, changes)).toEqual(['Ada Boss', 'Sent', null]);
  });
});
