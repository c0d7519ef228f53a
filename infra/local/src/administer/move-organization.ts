import {
  abortMove,
  keepPlacement,
  moveOrganization,
  openCell,
  poolOf,
  readDirectoryIds,
  readPlacement,
} from '@rollcall/database';
import type { Cell, MoveReport, MoveRequest, MoveStep, Placement } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { copyConfiguration } from '@rollcall/management';
import { ConfigError, parseId, publicId } from '@rollcall/platform';
import type { CellConfig } from '@rollcall/platform';
import { describeFailure } from '../describe-failure';

export interface MoveValues {
  /** The organization. */
  readonly argument?: string;
  readonly to?: string;
  readonly abort?: boolean;
  readonly json?: boolean;
}

export interface MoveCommand {
  /** The control cell first; none when CELLS is not set. */
  readonly cells: readonly Pick<CellConfig, 'name' | 'databaseOwnerUrl'>[];
  readonly values: MoveValues;
  readonly say: (text: string) => void;
  /** How long ingresses may take to see that the organization leaves; as long as they do when absent. */
  readonly noticeMs?: number;
}

/**
 * Moves an organization to another cell, or finishes or gives up a move that was cut off, and says for how long its requests were refused. Throws a
 * ConfigError without cells, a StartError for an option that cannot be used, and what moveOrganization and abortMove throw.
 */
export async function moveByCommand({ cells, values, say, noticeMs }: MoveCommand): Promise<void> {
  const organizationId = readValues(cells, values);
  const opened = new Map<string, Cell>();
  const open = async (name: string): Promise<Cell> => {
    const cell = opened.get(name) ?? (await reach(withOwner(findCell(cells, name))));
    opened.set(name, cell);
    return cell;
  };
  try {
    const control = await open(cells[0]?.name ?? '');
    const names = cells.map(({ name }) => name);
    const placement =
      (await readPlacement(control.dataSource, organizationId)) ??
      (await locate(control, { names, open }, organizationId));
    const [from, to] = readWay(placement, values);
    const request = { control: control.dataSource, placement, from: await open(from), to: await open(to), noticeMs };
    tell(placement, request, values, say, await carryOut(request, control, values, say));
  } finally {
    for (const { dataSource } of opened.values()) await dataSource.destroy();
  }
}

async function reach(cell: { name: string; ownerUrl: string }): Promise<Cell> {
  try {
    return await openCell(cell);
  } catch (error) {
    throw new StartError(`Cell ${cell.name}: ${describeFailure(error)}`, { cause: error });
  }
}

/** The bare id of the organization. */
function readValues(cells: MoveCommand['cells'], { argument, to, abort }: MoveValues): string {
  if (cells.length === 0)
    throw new ConfigError('CELLS', 'is not set: there is one database, and no other to move an organization to.');
  const organizationId = argument === undefined ? null : parseId('org', argument);
  if (organizationId === null)
    throw new StartError('Name the organization by its id: move-organization <org_…> --to <cell>.');
  if ((to === undefined) === !abort) {
    throw new StartError('Say where to with --to <cell>, or give up a move with --abort: one of the two.');
  }
  if (to !== undefined) findCell(cells, to);
  return organizationId;
}

function findCell<C extends { readonly name: string }>(cells: readonly C[], name: string): C {
  const cell = cells.find((each) => each.name === name);
  if (cell) return cell;
  throw new StartError(`There is no cell "${name}": CELLS has ${cells.map((each) => each.name).join(', ')}.`);
}

function withOwner({ name, databaseOwnerUrl }: MoveCommand['cells'][number]): { name: string; ownerUrl: string } {
  if (databaseOwnerUrl) return { name, ownerUrl: databaseOwnerUrl };
  throw new ConfigError('CELLS_OWNER', `is required for this command: the login of the owner of cell ${name}.`);
}

/** Where an organization is that nobody has asked for yet. */
async function locate(
  control: Cell,
  { names, open }: { names: readonly string[]; open: (name: string) => Promise<Cell> },
  organizationId: string,
): Promise<Placement> {
  for (const name of names) {
    const { dataSource } = await open(name);
    const [found] = await dataSource.query<{ environment_id: string; deleted: boolean }[]>(
      'SELECT environment_id, deleted FROM locate_organization($1)',
      [organizationId],
    );
    if (!found || found.deleted) continue;
    const organization = { environmentId: found.environment_id, organizationId };
    const directoryIds = await readDirectoryIds(poolOf(dataSource), organization);
    await keepPlacement(control.dataSource, organization, name, directoryIds);
    return { ...organization, cell: name, state: 'settled', otherCell: null };
  }
  throw new StartError(`There is no organization ${publicId('org', organizationId)} in any cell.`);
}

/** From which cell to which. What was cut off goes on to where it was going. */
function readWay({ organizationId, cell, state, otherCell }: Placement, { to, abort }: MoveValues): [string, string] {
  const name = publicId('org', organizationId);
  if (state === 'settled') {
    if (abort) throw new StartError(`${name} is not being moved: it lives in cell ${cell}.`);
    if (to === cell) throw new StartError(`${name} lives in cell ${cell} already.`);
    return [cell, to ?? ''];
  }
  const [from, target] = state === 'leaving' ? [cell, otherCell ?? ''] : [otherCell ?? '', cell];
  if (!abort && to !== target) {
    throw new StartError(
      `${name} is on its way from cell ${from} to ${target}: finish that with --to ${target} first${state === 'leaving' ? ', or give it up with --abort' : ''}.`,
    );
  }
  return [from, target];
}

async function carryOut(
  request: MoveRequest,
  control: Cell,
  { abort, json }: MoveValues,
  say: MoveCommand['say'],
): Promise<MoveReport> {
  if (abort) return abortMove(request);
  if (request.to.name !== control.name) await copyConfiguration(control.dataSource, request.to.dataSource);
  if (json) return moveOrganization(request);
  return moveOrganization({
    ...request,
    onStep: (step) => say(describeStep(step, request)),
    onTable: (table, rows) => say(`  ${table.padEnd(24)}${rows} rows`),
  });
}

function describeStep(step: MoveStep, { from, to }: MoveRequest): string {
  const sentences: Record<MoveStep, string> = {
    refuse: 'Requests of the organization are refused from here on; waiting until every process has seen it.',
    hold: `Waiting for what cell ${from.name} has begun.`,
    set_aside: 'Setting aside what waits for the workers.',
    copy: `Copying to cell ${to.name}.`,
    switch: `All of it is in cell ${to.name}: that is where it lives now.`,
    leave: `Leaving a tombstone in cell ${from.name}, whose workers remove the rest.`,
    release: `Handing what waits to the workers of cell ${to.name}.`,
    settle: 'Serving it again.',
    abort: `Bringing everything back to cell ${from.name}.`,
  };
  return sentences[step];
}

function tell(
  { organizationId }: Placement,
  { from, to }: MoveRequest,
  { abort, json }: MoveValues,
  say: MoveCommand['say'],
  { rows, refusedMs }: MoveReport,
): void {
  const organization = publicId('org', organizationId);
  const cell = abort ? from.name : to.name;
  if (json) return say(JSON.stringify({ organization_id: organization, cell, rows, refused_ms: refusedMs }));
  const refusal = `its requests were refused for ${(refusedMs / 1_000).toFixed(1)} s`;
  say(
    abort
      ? `${organization} stays in cell ${cell}; ${refusal}.`
      : `${organization} lives in cell ${cell}, with ${rows} rows copied; ${refusal}.`,
  );
}
