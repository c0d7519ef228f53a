import { acceptServer, asOwner } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { copyConfiguration } from '@rollcall/management';
import { AppError, configOfCell } from '@rollcall/platform';
import type { CellConfig, Config } from '@rollcall/platform';
import { describeFailure } from '../describe-failure';
import { loginsOf, migrate } from './prepare-database';

/** What is done in each cell beside the control cell, as its owner. */
export interface CellWork {
  readonly name: string;
  readonly ownerUrl: string;
  /** The configuration as if this cell were the only one. */
  readonly config: Config;
}

/**
 * Brings every cell beside the control cell to the newest schema, and makes it one of the installation when the control cell was set up:
 * its owner's configuration is copied. Throws a StartError that names each cell in which that failed, when all were tried.
 */
export async function prepareCells(config: Config, say: (text: string) => void): Promise<void> {
  await inEachCell(config, async (cell) => {
    const applied = await migrate(loginsOf(cell.ownerUrl, cell.config));
    say(`Cell ${cell.name}: ${applied.length === 0 ? 'up to date' : `applied ${applied.length} migrations`}.`);
    if (await joinCell(config, cell)) say(`Cell ${cell.name}: has the configuration of the control cell.`);
  });
}

/**
 * Does some work in each cell beside the control cell, also when it fails in another. Throws a StartError that names the cells in which it
 * did, and those whose owner's login is missing.
 */
export async function inEachCell(config: Config, work: (cell: CellWork) => Promise<void>): Promise<void> {
  const failures: string[] = [];
  for (const cell of config.cells.slice(1)) {
    const failure = await tryIn(cell, config, work);
    if (failure !== null) failures.push(`Cell ${cell.name}: ${failure}`);
  }
  if (failures.length > 0) throw new StartError(failures.join('\n'));
}

async function tryIn(
  cell: CellConfig,
  config: Config,
  work: (cell: CellWork) => Promise<void>,
): Promise<string | null> {
  const { name, databaseOwnerUrl: ownerUrl } = cell;
  if (!ownerUrl) return `name the login of its owner in CELLS_OWNER, as ${name}=postgres://….`;
  try {
    await work({ name, ownerUrl, config: configOfCell(config, cell) });
    return null;
  } catch (error) {
    return describeFailure(error);
  }
}

/** Whether there was something to copy. */
async function joinCell(config: Config, { ownerUrl }: CellWork): Promise<boolean> {
  try {
    await asOwner(config.databaseOwnerUrl ?? '', (control) =>
      asOwner(ownerUrl, (cell) => copyConfiguration(control, cell)),
    );
  } catch (error) {
    if (error instanceof AppError && error.code === 'control_not_set_up') return false;
    throw error;
  }
  await acceptNew(ownerUrl);
  return true;
}

/** A cell that has just come to the installation is on the server where it is. */
async function acceptNew(ownerUrl: string): Promise<void> {
  const [known] = await asOwner(ownerUrl, (cell) =>
    cell.query<unknown[]>('SELECT 1 FROM installation WHERE system_identifier IS NOT NULL'),
  );
  if (!known) await acceptServer(ownerUrl);
}
