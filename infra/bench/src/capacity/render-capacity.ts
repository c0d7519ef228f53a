import {
  ALONE,
  BEHAVIOUR,
  BYTES,
  BYTES_SOURCE,
  CELL,
  computeCapacity,
  CONNECTIONS,
  HEADROOM,
} from './compute-capacity';
import type { Capacity, Demand } from './compute-capacity';
import { COST_SOURCES } from './read-costs';
import type { Costs } from './read-costs';

/** What CAPACITY.md shows. */
export const SHOWN: readonly Demand[] = [100, 10_000, 100_000].map((organizations) => ({
  organizations,
  usersPerOrganization: 500,
}));

/** A column of the table: its title and what it shows. */
const COLUMNS: readonly (readonly [string, (demand: Demand, capacity: Capacity) => string])[] = [
  ['organizations', ({ organizations }) => count(organizations)],
  ['users', (_, { users }) => count(users)],
  ['writes/s at peak', (_, { writes }) => count(Math.ceil(writes))],
  ['reads/s at peak', (_, { reads }) => count(Math.ceil(reads))],
  ['ingresses', (_, { ingresses }) => count(ingresses)],
  ['workers', (_, { workers }) => count(workers)],
  ['PostgreSQL cores', (_, { databaseCores }) => count(databaseCores)],
  ['PostgreSQL memory GB', (_, { databaseMemoryGb }) => count(databaseMemoryGb)],
  ['disk GB', (_, { storageGb }) => count(storageGb)],
  ['WAL GB/day', (_, { walGbPerDay }) => count(walGbPerDay)],
  ['`max_connections`', (_, { connectionsPerCell }) => count(connectionsPerCell)],
  ['cells', (_, { cells }) => count(cells)],
  ['step', (_, { step }) => step],
];

/** The page that says what an installation takes, as Markdown. */
export function renderCapacity(demands: readonly Demand[], costs: Costs): string {
  return `# What an installation takes

Made by \`npm run bench -- --capacity\` from [what single operations were measured to cost](RESULTS.md); \`-- --capacity --organizations 2000 --users 1200\` works out another size. It is arithmetic, and no measurement of installations of these sizes: cores are those of the machine of RESULTS.md, and how organizations behave is taken for granted below. Measure yours (\`/metrics\`) before you buy.

${table(
  COLUMNS.map(([title]) => title),
  demands.map((demand) => {
    const capacity = computeCapacity(demand, costs);
    return COLUMNS.map(([, show]) => show(demand, capacity));
  }),
)}

An ingress and a worker are one core and 512 MB each. Memory, disk and cores of PostgreSQL are of all cells together; a standby takes the same again. Redis needs 512 MB: it holds wake-ups, which PostgreSQL can make anew.

## When to take which step

1. **One machine**: \`npm start\`, PostgreSQL in it. Up to about ${count(ALONE.users)} users, as long as a restart may pause writes for seconds.
2. **PostgreSQL and Redis of their own**, two ingresses behind a proxy and two workers: when a process must be replaced without anybody noticing, or the database wants backups, a standby and memory of its own. Add cores to PostgreSQL while it uses more than ${percent(HEADROOM.database)} of them.
3. **More ingresses and workers**: an ingress when its processor is busier than ${percent(HEADROOM.process)} (\`process_cpu_seconds_total\`), a worker when \`rollcall_drain_lag_seconds\` stays above some seconds while PostgreSQL has room. They share nothing, so there is nothing else to do but \`max_connections\`.
4. **Cells**, several PostgreSQL servers among which organizations are divided, each with processes and an address of its own (an organization stays where it was made): when one has more than ${count(CELL.users)} users, ${count(CELL.storageGb)} GB or needs more than ${count(CELL.databaseCores)} cores. Size, vacuum and the time of a restore end one server before its rate of writes does.

## What is taken for granted

${table(
  ['of an organization', ''],
  Object.entries(BEHAVIOUR).map(([name, value]) => [inWords(name), count(value)]),
)}

## What was measured

CPU in milliseconds of the server and of PostgreSQL, from RESULTS.md. Up to 100 writes a second each costs as a lone one; what comes beyond shares statements.

${table(
  ['', 'server', 'PostgreSQL', 'row of RESULTS.md'],
  Object.entries(COST_SOURCES).map(([name, { scenario, of }]) => {
    const { server, database } = costs[name as keyof Costs];
    return [inWords(name), String(server), String(database), `${scenario}: ${of}`];
  }),
)}

Bytes on disk: ${BYTES_SOURCE}.

${table(
  ['', 'bytes'],
  Object.entries(BYTES).map(([name, value]) => [inWords(name), count(value)]),
)}

Connections: ${CONNECTIONS.ingress} of an ingress and ${CONNECTIONS.worker} of a worker, as the README's table has them with the queue in Redis; one more of each for a replacement, and ${CONNECTIONS.spare} for who looks.
`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `changesPerUserAndDay` is "changes per user and day". */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
