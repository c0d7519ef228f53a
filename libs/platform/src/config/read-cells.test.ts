import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error';
import { describeConfig } from './describe-config';
import { configOfCell, readConfig } from './read-config';

const SECRET_KEY = randomBytes(32).toString('base64');
const CONTROL = 'postgres://app:hunter2@a/rollcall';
const B = 'postgres://app:hunter2@b/rollcall';
const C = 'postgres://app:hunter2@c/rollcall';

const read = (env: NodeJS.ProcessEnv) => readConfig({ SECRET_KEY, ...env });

describe('CELLS', () => {
  it('is empty where one database has everything', () => {
    expect(read({ DATABASE_URL: CONTROL })).toMatchObject({ cells: [], cell: undefined, queuePrefix: 'rollcall' });
  });

  it('stands beside DATABASE_URL, whose database is the control cell and comes first', () => {
    const config = read({ DATABASE_URL: CONTROL, CELLS: `b=${B}, c=${C}` });
    expect(config.cells.map(({ name, databaseUrl }) => [name, databaseUrl])).toEqual([
      ['control', CONTROL],
      ['b', B],
      ['c', C],
    ]);
  });

  it('names the control cell too, by the very same address', () => {
    const config = read({ DATABASE_URL: CONTROL, CELLS: `b=${B},eu-1=${CONTROL}` });
    expect(config.cells.map(({ name }) => name)).toEqual(['eu-1', 'b']);
  });

  it('begins with the control cell when there is no DATABASE_URL', () => {
    const config = read({ CELLS: `a=${CONTROL},b=${B}` });
    expect(config).toMatchObject({ databaseUrl: CONTROL, cells: [{ name: 'a' }, { name: 'b' }] });
  });

  it('has the logins of owners beside it', () => {
    const owner = 'postgres://owner:hunter3@a/rollcall';
    const ownerOfB = 'postgres://owner:hunter3@b/rollcall';
    const given = { CELLS: `b=${B},c=${C}`, CELLS_OWNER: `b=${ownerOfB}` };
    const config = read({ ...given, DATABASE_URL: CONTROL, DATABASE_OWNER_URL: owner });
    expect(config.cells.map(({ databaseOwnerUrl }) => databaseOwnerUrl)).toEqual([owner, ownerOfB, undefined]);
    expect(read(given).databaseOwnerUrl).toBe(ownerOfB);
  });

  it('gives each cell a configuration of its own, and its queue other keys in Redis', () => {
    const config = read({ DATABASE_URL: CONTROL, CELLS: `b=${B}`, CELL: 'b' });
    const own = config.cells.map((cell) => configOfCell(config, cell));
    expect(own[0]).toMatchObject({ databaseUrl: CONTROL, cells: [], cell: undefined, queuePrefix: 'rollcall' });
    expect(own[1]).toMatchObject({ databaseUrl: B, cells: [], cell: undefined, queuePrefix: 'rollcall.b' });
  });

  it('is shown at start without a password', () => {
    const described = describeConfig(read({ DATABASE_URL: CONTROL, CELLS: `b=${B}`, CELL: 'b' }));
    expect(described).toMatchObject({ cells: 'control=postgres://a/rollcall,b=postgres://b/rollcall', cell: 'b' });
    expect(JSON.stringify(described)).not.toContain('hunter');
  });

  it.each([
    [{ CELLS: B }, /^CELLS must be names and addresses/],
    [{ CELLS: `B=${B}` }, /^CELLS must be names and addresses/],
    [{ CELLS: `b=${B},` }, /^CELLS must be names and addresses/],
    [{ CELLS: 'b=mysql://hunter2@b' }, /^CELLS must be names and addresses/],
    [{ CELLS: 'b=postgres://app:hunter2@b1,b2/rollcall' }, /^CELLS must be names and addresses/],
    [{ CELLS: `b=${B},b=${C}` }, /^CELLS must name each cell once/],
    [{ CELLS: `b=${B},c=${B}` }, /^CELLS must name each database once/],
    [{ CELLS: `control=${B}` }, /^CELLS must not name another database control/],
    [{ CELLS_OWNER: `b=${B}` }, /^CELLS is required with CELLS_OWNER/],
    [{ CELLS: `b=${B}`, CELLS_OWNER: `x=${B}` }, /^CELLS_OWNER must name cells: there is no cell x/],
    [{ CELLS: `b=${B}`, DATABASE_DIRECT_URL: CONTROL }, /^DATABASE_DIRECT_URL must not be set with CELLS/],
    [{ CELLS: `b=${B}`, CELL: 'c' }, /^CELL must be one of the cells: control, b/],
    [{ CELL: 'c' }, /^CELL is of use only with CELLS/],
  ])('refuses %j', (env, sentence) => {
    const refusal = (() => {
      try {
        return read({ DATABASE_URL: CONTROL, ...env });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(ConfigError);
    expect((refusal as ConfigError).message).toMatch(sentence);
    expect((refusal as ConfigError).message).not.toContain('hunter');
  });
});
