import { describe, expect, it } from 'vitest';
import { MIXED_OPERATIONS, mixRequests } from './mix-requests';
import type { MixedRequest, Tenant } from './mix-requests';

const SECOND = 100;

function makeTenant(number: number): Tenant {
  const users = Array.from({ length: 500 }, (_, index) => ({ id: `user-${number}-${index}`, n: index, active: true }));
  return {
    directory: { directoryId: String(number), port: 1, basePath: `/${number}`, token: 'token' },
    users,
    leaving: Array.from({ length: 50 }, (_, index) => `leaving-${number}-${index}`),
    groupId: `group-${number}`,
    memberIds: users.slice(0, 100).map(({ id }) => id),
    otherIds: users.slice(100).map(({ id }) => id),
  };
}

/** The requests of ten minutes, each answered at once. */
function mixForTenMinutes(): { requests: MixedRequest[]; tenants: Tenant[] } {
  const tenants = Array.from({ length: 10 }, (_, number) => makeTenant(number));
  const next = mixRequests(tenants);
  const requests = Array.from({ length: 600 * SECOND }, (_, index) => {
    const request = next();
    request.done?.(Buffer.from(`{"id":"created-${index}"}`));
    return request;
  });
  return { requests, tenants };
}

describe('mixRequests', () => {
  const { requests, tenants } = mixForTenMinutes();

  it('asks for the same in every second', () => {
    const count = (second: MixedRequest[]) =>
      MIXED_OPERATIONS.map((name) => second.filter(({ operation }) => operation === name).length);
    const seconds = Array.from({ length: 600 }, (_, n) => count(requests.slice(n * SECOND, (n + 1) * SECOND)));
    expect(new Set(seconds.map(String)).size).toBe(1);
    expect(Math.min(...(seconds[0] ?? []))).toBeGreaterThan(0);
  });

  it('asks every tenant for everything', () => {
    const seen = new Set(requests.map(({ operation, target }) => `${operation} ${target?.basePath}`));
    expect(seen.size).toBe(MIXED_OPERATIONS.length * tenants.length);
  });

  it('leaves every directory and group as large as it was', () => {
    for (const { leaving, memberIds, otherIds } of tenants) {
      expect(leaving).toHaveLength(50);
      expect(memberIds).toHaveLength(100);
      expect(new Set([...memberIds, ...otherIds]).size).toBe(500);
    }
  });

  it('changes no user twice within a second', () => {
    const writes = requests.map(({ method, path }) => (method === 'GET' || !path.startsWith('/Users/') ? '' : path));
    const repeated = writes.filter(
      (path, index) => path && writes.slice(Math.max(0, index - SECOND), index).includes(path),
    );
    expect(repeated).toEqual([]);
  });
});
