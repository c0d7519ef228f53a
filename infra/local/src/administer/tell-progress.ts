import type { CopyProgress } from '@rollcall/database';

/** A table that takes longer is told of again and again. */
const EVERY_MS = 5_000;
const MEGABYTE = 1024 * 1024;

/** Tells of each table that had rows when it is done, and of a large one in between. */
export function tellProgress(say: (text: string) => void): (progress: CopyProgress) => void {
  let toldAt = Date.now();
  return ({ table, bytes, rows }) => {
    if (rows === 0 || (rows === undefined && Date.now() - toldAt < EVERY_MS)) return;
    toldAt = Date.now();
    const size = `${(bytes / MEGABYTE).toFixed(1)} MB`;
    say(`  ${table.padEnd(26)}${size}${rows === undefined ? ' …' : `, ${rows} rows`}`);
  };
}
