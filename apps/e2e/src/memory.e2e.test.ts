import { existsSync, readFileSync } from 'node:fs';
import { startRollcall } from '@rollcall/testing';
import type { RunningRollcall } from '@rollcall/testing';
import { beforeAll, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';

/** What the ingress must stay below, 250 MB. */
const LIMIT_MIB = 238;
const MEMBERS = 100_000;
const CLIENTS = 4;
const REQUESTS_EACH = 3;

let server: RunningRollcall;
let directory: ReadyDirectory;

beforeAll(async () => {
  server = await startRollcall();
  directory = await createDirectory(server);
  return () => server.stop();
});

async function send(method: string, path: string, body: unknown): Promise<{ id: string }> {
  const headers = { Authorization: `Bearer ${directory.token}`, 'Content-Type': 'application/scim+json' };
  const answer = await fetch(`${directory.scimUrl}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, `${method} ${path}`).toBe(method === 'POST' ? 201 : 200);
  return (await answer.json()) as { id: string };
}

/** Ids as an identity provider knows them; that nobody has them makes no difference to the ingress. */
function members(): { value: string }[] {
  return Array.from({ length: MEMBERS }, (_, index) => ({
    value: `01hzy7k2m3n4p5q6r7s8${String(index).padStart(6, '0')}`,
  }));
}

/** The most memory that a process ever had. */
function readPeakMiB(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

it.runIf(existsSync('/proc/self/status'))(
  'takes less than 250 MB while four clients put groups of 100,000 members again and again',
  async () => {
    const displayNames = Array.from({ length: CLIENTS }, (_, index) => `Everybody ${index}`);
    await Promise.all(
      displayNames.map(async (displayName) => {
        const { id } = await send('POST', '/Groups', { displayName });
        const body = { displayName, members: members() };
        for (let count = 0; count < REQUESTS_EACH; count++) {
          await send('PUT', `/Groups/${id}?excludedAttributes=members`, body);
        }
      }),
    );
    const ingress = (await server.processes()).find(({ name }) => name === 'ingress');
    expect(readPeakMiB(ingress?.pid ?? 0)).toBeLessThan(LIMIT_MIB);
  },
);
