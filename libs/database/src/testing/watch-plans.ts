import { Client } from 'pg';
import type { ClientBase } from 'pg';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource, poolOf } from '../connect-database';
import type { DataSource } from '../connect-database';

/** What statements did, as PostgreSQL's executor counted it. */
export interface PlannedWork {
  /** Tables of more than a thousand rows that were read from end to end; a partition goes by the name of its table. */
  scanned: string[];
  /** Rows that were fetched from tables and indexes, those included that a condition then refused. */
  rows: number;
  /** Blocks of 8 kB that were looked at. */
  blocks: number;
}

export interface PlanWatch {
  /** The runtime role's one connection. */
  app: DataSource;
  /** Runs something through `app` and tells what all its statements did, those inside of functions included. */
  watch(run: () => Promise<unknown>): Promise<PlannedWork>;
  end(): Promise<void>;
}

/** Values of PostgreSQL's plan_cache_mode: a prepared statement is planned for its values, or once for all values. */
export type PlanMode = 'force_custom_plan' | 'force_generic_plan';

/**
 * Connects to a test database as the runtime role does, with every statement explained as it runs (auto_explain): what is
 * looked at is what the code itself sends, under row-level security.
 */
export async function watchPlans(database: TestDatabase, planMode: PlanMode): Promise<PlanWatch> {
  await explainEverything(database);
  const app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
  await app.query(`SET plan_cache_mode = ${planMode}`);
  const client = await poolOf(app).connect();
  const plans: StatementPlan[] = [];
  const collect = ({ message }: { message?: string }) => {
    const start = message?.startsWith('duration:') ? message.indexOf('{') : -1;
    if (message && start > 0) plans.push(JSON.parse(message.slice(start)) as StatementPlan);
  };
  (client as ClientBase).on('notice', collect);
  client.release();
  return {
    app,
    watch: async (run) => {
      plans.length = 0;
      await run();
      return sumUp(plans);
    },
    end: () => app.destroy(),
  };
}

async function explainEverything({ adminUrl, name }: TestDatabase): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  for (const [setting, value] of Object.entries(SETTINGS)) {
    await admin.query(`ALTER DATABASE ${name} SET ${setting} = '${value}'`);
  }
  await admin.query(LEAVE_STATISTICS);
  await admin.end();
}

/** Statistics that the server takes by itself make a session plan, and read the catalogue, once more: now and then while it is watched. */
const LEAVE_STATISTICS = `
  DO $$ DECLARE name regclass; BEGIN
    FOR name IN SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace LOOP
      EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
    END LOOP;
  END $$`;

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
  // The plans go to the client and not into the server's log.
  client_min_messages: 'log',
  log_min_messages: 'fatal',
};

interface StatementPlan {
  'Query Text': string;
  Plan: PlanNode;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

function sumUp(plans: readonly StatementPlan[]): PlannedWork {
  const nodes = plans.flatMap(({ Plan }) => withInner(Plan));
  const reads = nodes.filter((node) => node['Node Type'].endsWith(' Scan') && node['Relation Name'] !== undefined);
  const whole = reads.filter((node) => node['Node Type'] === 'Seq Scan' && rowsOf(node) > 1_000);
  return {
    scanned: [...new Set(whole.map((node) => (node['Relation Name'] ?? '').replace(/_\d{8}$/, '')))],
    rows: Math.round(reads.reduce((sum, node) => sum + rowsOf(node), 0)),
    // A statement inside of a function is counted with its function too.
    blocks: plans.reduce((sum, { Plan }) => sum + Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'], 0),
  };
}

function withInner(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withInner)];
}

function rowsOf(node: PlanNode): number {
  const refused = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + refused) * node['Actual Loops'];
}
