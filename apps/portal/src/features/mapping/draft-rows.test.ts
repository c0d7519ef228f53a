import { describe, expect, it } from 'vitest';
import { addRow, moveRow, setRow, toRows } from './draft-rows';

const rules = (rows: ReturnType<typeof toRows<string>>) => rows.map(({ rule }) => rule);

describe('rules that are being written', () => {
  const rows = toRows(['a', 'b', 'b']);

  it('are changed and taken away one by one, also where two say the same', () => {
    expect(rules(setRow(rows, 1, 'c'))).toEqual(['a', 'c', 'b']);
    expect(setRow(rows, 1, null)).toEqual([
      { row: 0, rule: 'a' },
      { row: 2, rule: 'b' },
    ]);
  });

  it('get a number that no other one has', () => {
    const added = addRow(setRow(rows, 0, null), 'd');
    expect(added.map(({ row }) => row)).toEqual([1, 2, 3]);
    expect(addRow([], 'a')).toEqual([{ row: 0, rule: 'a' }]);
  });

  it('are moved up and down, and no further than the ends', () => {
    expect(rules(moveRow(rows, 1, -1))).toEqual(['b', 'a', 'b']);
    expect(rules(moveRow(rows, 0, 1))).toEqual(['b', 'a', 'b']);
    expect(moveRow(rows, 0, -1)).toBe(rows);
    expect(moveRow(rows, 2, 1)).toBe(rows);
    expect(moveRow(rows, 9, 1)).toBe(rows);
  });
});
