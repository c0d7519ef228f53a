import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CELL, computeCapacity, CONNECTIONS } from './compute-capacity';
import { COST_SOURCES, readCosts } from './read-costs';
import { renderCapacity, SHOWN } from './render-capacity';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const results = read('../../RESULTS.md');
const costs = readCosts(results);
const shown = SHOWN.map((demand) => computeCapacity(demand, costs));

describe('readCosts', () => {
  it('takes the CPU times of the row, also where the scenario is named in an earlier one', () => {
    const table = `| scenario | of | per second | p50 ms | p95 | p99 | CPU server | CPU database | CPU load | MiB |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
${Object.values(COST_SOURCES)
  .map(({ scenario, of }) => `| ${scenario} | other | 1 | | | | 9 | 9 | | |\n| | ${of} | 1 | | | | 0.5 | 0.25 | | |`)
  .join('\n')}`;
    expect(readCosts(table).create).toEqual({ server: 0.5, database: 0.25 });
  });

  it('says which row the results have no more', () => {
    const renamed = results.replaceAll('| add one member, 1 in flight |', '| add a member |');
    expect(() => readCosts(renamed)).toThrow('The results have no CPU times of "add one member, 1 in flight"');
  });
});

describe('computeCapacity', () => {
  it('takes the steps in their order as an installation grows', () => {
    expect(shown.map(({ step }) => step)).toEqual(['one machine', 'own PostgreSQL and Redis', 'cells']);
    expect(computeCapacity({ organizations: 150_000, usersPerOrganization: 150 }, costs).step).toBe(
      'more ingresses and workers',
    );
  });

  it('never asks for less as organizations come', () => {
    for (let organizations = 50; organizations < 2_000_000; organizations *= 2) {
      const less = computeCapacity({ organizations, usersPerOrganization: 500 }, costs);
      const more = computeCapacity({ organizations: organizations * 2, usersPerOrganization: 500 }, costs);
      for (const key of ['ingresses', 'workers', 'databaseCores', 'databaseMemoryGb', 'storageGb', 'cells'] as const) {
        expect(more[key], `${key} of ${organizations}`).toBeGreaterThanOrEqual(less[key]);
      }
    }
  });

  it('gives each cell no more users and data than can be restored in an hour or so', () => {
    for (const { cells, users, storageGb } of shown) {
      expect(users / cells).toBeLessThanOrEqual(CELL.users);
      expect(storageGb / cells).toBeLessThanOrEqual(CELL.storageGb);
    }
  });

  it('costs twice the processors where every operation costs twice as much', () => {
    const doubled = Object.fromEntries(
      Object.entries(costs).map(([name, { server, database }]) => [
        name,
        { server: server * 2, database: database * 2 },
      ]),
    ) as typeof costs;
    const demand = { organizations: 1_000_000, usersPerOrganization: 500 };
    const [once, twice] = [computeCapacity(demand, costs), computeCapacity(demand, doubled)];
    expect(Math.abs(twice.databaseCores - 2 * once.databaseCores)).toBeLessThanOrEqual(1);
    expect(Math.abs(twice.ingresses - 2 * once.ingresses)).toBeLessThanOrEqual(1);
  });

  it('counts connections as the README does', () => {
    const [, own, scim, , probe] = /^\| ingress \| (\d+) \| ([\d +]+) \| (\d+), none with Redis \| (\d+) \|/m.exec(
      read('../../../../README.md'),
    ) as RegExpExecArray;
    const ofScim = (scim as string).split('+').reduce((sum, part) => sum + Number(part), 0);
    expect(CONNECTIONS.ingress).toBe(Number(own) + ofScim + Number(probe));
    const [, ofWorker, ofProbe] = /^\| worker \| (\d+) \| *\| \d+, none with Redis \| (\d+) \|/m.exec(
      read('../../../../README.md'),
    ) as RegExpExecArray;
    expect(CONNECTIONS.worker).toBe(Number(ofWorker) + Number(ofProbe));
  });
});

describe('CAPACITY.md', () => {
  it('is what the command prints: `npm run -s bench -- --capacity > infra/bench/CAPACITY.md` makes it anew', () => {
    expect(read('../../CAPACITY.md')).toBe(renderCapacity(SHOWN, costs));
  });
});
