/** What one operation takes of a processor, in milliseconds. */
export interface Cost {
  /** Of the server: the ingress, or the worker where the row is about what a worker does. */
  server: number;
  /** Of PostgreSQL. */
  database: number;
}

/** The row of the published results that a cost is read from. */
export interface CostSource {
  scenario: string;
  of: string;
}

/**
 * Which rows the model reads. A lone request costs more than one of many, which share statements: the rows are those of 16 in flight
 * where there are such, and of one in flight where providers send one after the other.
 */
export const COST_SOURCES = {
  create: { scenario: 'create user, 16 in flight', of: 'rollcall' },
  replace: { scenario: 'PUT user, 10,000 users, 16 in flight', of: 'rollcall' },
  patch: { scenario: 'deactivate user (PATCH active), 10,000 users, 16 in flight', of: 'rollcall' },
  member: { scenario: 'add one member, 1 in flight', of: 'rollcall, group of 1,000' },
  find: { scenario: 'find by userName, 100,000 users, 16 in flight', of: 'rollcall' },
  read: { scenario: 'read user, 10,000 users, 16 in flight', of: 'rollcall' },
  event: { scenario: 'growth: turn changes into events and deliveries', of: 'changes, 1 endpoint' },
  delivery: { scenario: 'deliver a backlog to 20 endpoints', of: 'rollcall, queue on Redis' },
  /** A write from its request to its delivery where each goes alone, of ingress and worker together. */
  loneWrite: { scenario: 'first attempt after the commit, 100 writes a second', of: 'rollcall, queue on Redis' },
} as const satisfies Record<string, CostSource>;

export type Costs = Record<keyof typeof COST_SOURCES, Cost>;

/** A scenario's name stands in its first row alone. Columns as `render-report.ts` writes them. */
const COLUMNS = { scenario: 0, of: 1, server: 6, database: 7 };

/**
 * Reads the costs from the tables of the published results.
 * @param results the text of RESULTS.md
 * @throws Error that names the row which is missing
 */
export function readCosts(results: string): Costs {
  const rows = readRows(results);
  const costs = Object.entries(COST_SOURCES).map(([name, { scenario, of }]) => {
    const row = rows.find((cells) => cells[COLUMNS.scenario] === scenario && cells[COLUMNS.of] === of);
    const cost = { server: Number(row?.[COLUMNS.server]), database: Number(row?.[COLUMNS.database]) };
    if (!row || !(cost.server > 0) || !(cost.database > 0)) {
      throw new Error(`The results have no CPU times of "${scenario}", ${of}.`);
    }
    return [name, cost];
  });
  return Object.fromEntries(costs) as Costs;
}

/** The rows of every table, each with the name of its scenario. */
function readRows(results: string): string[][] {
  const rows: string[][] = [];
  for (const line of results.split('\n')) {
    if (!line.startsWith('|')) continue;
    const cells = line.split('|').slice(1, -1);
    const [name = '', ...rest] = cells.map((cell) => cell.trim());
    rows.push([name || (rows.at(-1)?.[0] ?? ''), ...rest]);
  }
  return rows;
}
