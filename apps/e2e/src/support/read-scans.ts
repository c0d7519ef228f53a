import { readFileSync } from 'node:fs';
import { APP_ROLE } from '@rollcall/embedded-postgres';
import { Client } from 'pg';

/** How a statement looked for rows of a table. */
export interface Scan {
  /** The SQL function that the statement is in, or else itself, on one line. */
  statement: string;
  /** A partition goes by the name of its table. */
  table: string;
  /** What an index was asked for, or rows are looked through for; not what row-level security adds. */
  conditions: string[];
}

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
  'auto_explain.log_parameter_max_length': '0',
  // Next to nothing is stored: without these a plan would tell of that, and not of what a statement asks for.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
};

/** Has the server write the plan of every statement of the application to its log from now on, those inside of functions included. */
export async function explainAll(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (admin) => {
    for (const [name, value] of Object.entries(SETTINGS)) {
      await admin.query(`ALTER ROLE ${APP_ROLE} SET ${name} = '${value}'`);
    }
  });
}

/** How statements looked for rows of tables, each way once, as the server's log has it, and the names of the SQL functions there are. */
export async function readScans(logFile: string, databaseUrl: string): Promise<{ scans: Scan[]; functions: string[] }> {
  const bodies = await readBodies(databaseUrl);
  const found = new Map<string, Scan>();
  // Each line of a plan begins with a tab; a plan that is being written has no end.
  for (const [, plan = ''] of readFileSync(logFile, 'utf8').matchAll(/ plan:\n(\t\{\n(?:\t .*\n)+\t\}\n)/g)) {
    const { 'Query Text': text, Plan } = JSON.parse(plan) as { 'Query Text': string; Plan: PlanNode };
    const statement = bodies.find(({ body }) => holds(body, text))?.name ?? text.replaceAll(/\s+/g, ' ').trim();
    for (const node of withInner(Plan)) {
      const table = node['Relation Name']?.replace(/_\d{8}$/, '');
      if (table === undefined || !node['Node Type'].endsWith('Scan')) continue;
      const scan = { statement, table, conditions: conditionsOf(node) };
      found.set(JSON.stringify(scan), scan);
    }
  }
  return { scans: [...found.values()], functions: bodies.map(({ name }) => name) };
}

/** Whether a statement is of a function. PL/pgSQL has put blanks where it had INTO, and SELECT where it had PERFORM. */
function holds(body: string, statement: string): boolean {
  return statement
    .replace(/^SELECT /, '')
    .split(/ {6,}/)
    .every((piece) => body.includes(piece.trim()));
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Filter?: string;
  Plans?: PlanNode[];
}

/** The planner takes any of two indexes where little is stored, and looks through what the other would have been asked for. */
function conditionsOf(node: PlanNode): string[] {
  return [node['Index Cond'], node['Recheck Cond'], node.Filter]
    .flatMap((text) => text?.split(' AND ') ?? [])
    .filter((condition) => !condition.includes('current_setting('));
}

function withInner(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withInner)];
}

async function readBodies(url: string): Promise<{ name: string; body: string }[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; body: string }>(
      `SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
    );
    return rows;
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
