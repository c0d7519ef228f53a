import { ConfigError } from './config-error';
import { readDatabaseUrl } from './read-addresses';
import type { ReadVariable } from './read-values';

/** One of the databases over which an installation spreads its organizations. */
export interface CellConfig {
  readonly name: string;
  /** Where the applications log in. */
  readonly databaseUrl: string;
  /** Where its owner logs in, for commands. */
  readonly databaseOwnerUrl?: string;
}

/** Logins of the database that is named without a cell. */
interface Logins {
  databaseUrl?: string;
  databaseOwnerUrl?: string;
}

/** What the control cell is called when CELLS does not name it. */
const CONTROL = 'control';
const NAME = /^[a-z][a-z0-9-]{0,19}$/;
const ADDRESS = /^\s*postgres(ql)?:\/\/\S+\s*$/;

/**
 * Reads `CELLS` and `CELLS_OWNER`. The control cell comes first: the one of DATABASE_URL, which has the name that an entry with the very same
 * address gives it, or without DATABASE_URL the first entry. Empty without CELLS. Throws ConfigError.
 */
export function readCells(read: ReadVariable, { databaseUrl, databaseOwnerUrl }: Logins): CellConfig[] {
  const named = readEntries('CELLS', read('CELLS'));
  const owners = readEntries('CELLS_OWNER', read('CELLS_OWNER'));
  const [first] = named;
  const controlUrl = databaseUrl ?? first?.[1];
  if (!first || controlUrl === undefined) {
    if (owners.length > 0) throw new ConfigError('CELLS', 'is required with CELLS_OWNER: the names of its cells.');
    return [];
  }
  if (new Set(named.map(([, url]) => url)).size < named.length) {
    throw new ConfigError('CELLS', 'must name each database once.');
  }
  const control = named.find(([, url]) => url === controlUrl) ?? ([CONTROL, controlUrl] as const);
  const others = named.filter((entry) => entry !== control);
  if (others.some(([name]) => name === control[0])) {
    throw new ConfigError('CELLS', `must not name another database ${CONTROL}: that is the one of DATABASE_URL.`);
  }
  const cells = [control, ...others];
  const unknown = owners.find(([owner]) => !cells.some(([name]) => name === owner));
  if (unknown) throw new ConfigError('CELLS_OWNER', `must name cells: there is no cell ${unknown[0]}.`);
  const ownerOf = new Map(owners);
  return cells.map(([name, url], index) => ({
    name,
    databaseUrl: url,
    databaseOwnerUrl: ownerOf.get(name) ?? (index === 0 ? databaseOwnerUrl : undefined),
  }));
}

/** Reads `CELL`, the only cell that a worker works for. Throws ConfigError. */
export function readCell(text: string | undefined, cells: readonly CellConfig[]): string | undefined {
  if (text === undefined || cells.some(({ name }) => name === text)) return text;
  const names = cells.map(({ name }) => name).join(', ');
  throw new ConfigError('CELL', names === '' ? 'is of use only with CELLS.' : `must be one of the cells: ${names}.`);
}

function readEntries(variable: string, text: string | undefined): (readonly [name: string, url: string])[] {
  const entries = (text?.split(',') ?? []).map((entry) => {
    const [, name = '', address = ''] = /^\s*([^=/]*)=(.*)$/s.exec(entry) ?? [];
    const url = NAME.test(name) && ADDRESS.test(address) ? readDatabaseUrl(variable, address.trim()) : undefined;
    if (url === undefined) throw malformed(variable);
    return [name, url] as const;
  });
  if (new Set(entries.map(([name]) => name)).size < entries.length) {
    throw new ConfigError(variable, 'must name each cell once.');
  }
  return entries;
}

function malformed(variable: string): ConfigError {
  return new ConfigError(
    variable,
    'must be names and addresses, such as b=postgres://…,c=postgres://…: a name has up to 20 of a-z, 0-9 and "-", and a comma within an address is written %2C.',
  );
}
