/** A rule in the list that is being written: its number tells it apart from another one that says the same. */
interface DraftRow<Rule> {
  row: number;
  rule: Rule;
}

export type DraftRows<Rule> = readonly DraftRow<Rule>[];

/** Rules as rows, in their order. */
export function toRows<Rule>(rules: readonly Rule[]): DraftRows<Rule> {
  return rules.map((rule, row) => ({ row, rule }));
}

/** The rows with one more at the end. */
export function addRow<Rule>(rows: DraftRows<Rule>, rule: Rule): DraftRows<Rule> {
  return [...rows, { row: Math.max(-1, ...rows.map(({ row }) => row)) + 1, rule }];
}

/** The rows with another rule in one of them; null takes the row away. */
export function setRow<Rule>(rows: DraftRows<Rule>, row: number, rule: Rule | null): DraftRows<Rule> {
  if (rule === null) return rows.filter((other) => other.row !== row);
  return rows.map((other) => (other.row === row ? { row, rule } : other));
}

/** The rows with one of them a place further up or down; the first and the last stay where they cannot go on. */
export function moveRow<Rule>(rows: DraftRows<Rule>, row: number, by: -1 | 1): DraftRows<Rule> {
  const from = rows.findIndex((other) => other.row === row);
  const to = from + by;
  const moved = rows[from];
  if (!moved || to < 0 || to >= rows.length) return rows;
  return rows.toSpliced(from, 1).toSpliced(to, 0, moved);
}
