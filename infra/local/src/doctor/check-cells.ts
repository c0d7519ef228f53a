import { setTimeout as sleep } from 'node:timers/promises';
import { APP_ROLE, createDataSource, isConfigurationCopied } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { configOfCell, publicId } from '@rollcall/platform';
import type { CellConfig, Config } from '@rollcall/platform';
import { checkDatabase } from './check-database';
import { findingsOf, runCheck } from './finding';
import type { Finding } from './finding';

const STATEMENT_MS = 8_000;
/** An ingress looks every two seconds whether there is something to copy. */
const COPIED_WITHIN_MS = 4_000;

/** The cells beside the control cell, each in what is not well with it, and whether an organization is left between two. */
export async function checkCells(config: Config): Promise<Finding[]> {
  const [control, ...others] = config.cells;
  if (!control) return [];
  const parts = await Promise.all([
    ...others.map(async (cell) => checkCell(control, cell, config)),
    runCheck('moves', () => asApplication(control, checkMoves)),
  ]);
  return parts.flat();
}

/** Of these nothing can be read after a failure. */
const UNREADABLE: ReadonlySet<string> = new Set(['database', 'login', 'schema']);

async function checkCell(control: CellConfig, cell: CellConfig, config: Config): Promise<Finding[]> {
  const check = `cell ${cell.name}`;
  const findings = await checkDatabase(cell.databaseUrl, configOfCell(config, cell));
  const troubles = findings
    .filter(({ state }) => state !== 'ok')
    .map(({ check: part, state, text }) => ({ check, state, text: `${part}: ${text}` }));
  if (findings.some(({ check: part, state }) => state === 'fail' && UNREADABLE.has(part))) return troubles;
  return [...troubles, ...(await runCheck(check, () => checkCopy(check, control, cell)))];
}

async function checkCopy(check: string, control: CellConfig, cell: CellConfig): Promise<Finding[]> {
  const { ok, warn } = findingsOf(check);
  return asApplication(control, (here) =>
    asApplication(cell, async (there) => {
      const isCopied = (await isConfigurationCopied(here, there)) || (await isCopiedLater(here, there));
      if (isCopied) return [ok('It is reached, of this version, and has the configuration of the control cell.')];
      return [
        warn(
          'It has not what was configured last: an ingress with CELLS copies that within seconds, and says in its log what keeps it from that.',
        ),
      ];
    }),
  );
}

async function isCopiedLater(here: DataSource, there: DataSource): Promise<boolean> {
  await sleep(COPIED_WITHIN_MS);
  return isConfigurationCopied(here, there);
}

interface Move {
  organization_id: string;
  cell: string;
  state: string;
  to_cell: string;
  minutes: number;
}

/** While one runs, its organization is found here too. */
async function checkMoves(control: DataSource): Promise<Finding[]> {
  const { ok, warn } = findingsOf('moves');
  const moves = await control.query<Move[]>(
    `SELECT organization_id, cell, state, to_cell, floor(extract(epoch FROM now() - update_time) / 60)::integer AS minutes
     FROM find_moving_organizations()`,
  );
  if (moves.length === 0) return [ok('No organization is between two cells.')];
  return moves.map(({ organization_id, cell, state, to_cell, minutes }) => {
    const organization = publicId('org', organization_id);
    const [from, to] = state === 'leaving' ? [cell, to_cell] : [to_cell, cell];
    return warn(
      `${organization} has been on its way from ${from} to ${to} for ${minutes} minutes, and its requests are refused: if no command moves it now, run "npm run rollcall -- move-organization ${organization} --to ${to}" once more.`,
    );
  });
}

async function asApplication<T>({ databaseUrl }: CellConfig, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = createDataSource({
    url: databaseUrl,
    role: APP_ROLE,
    poolSize: 1,
    statementMs: STATEMENT_MS,
    applicationName: 'rollcall-doctor',
  });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
