import type { QueryRunner } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { migrations } from './migrations';

/** Those before are in databases as they are, and touch tables that are small. */
const SINCE = 'CreateScimRequests1790000001120';

const later = migrations.slice(migrations.findIndex(({ name }) => name === SINCE));

async function statementsOf(Migration: (typeof migrations)[number]): Promise<string[]> {
  const statements: string[] = [];
  const runner = { query: async (text: string) => void statements.push(text) };
  await new Migration().up(runner as unknown as QueryRunner);
  return statements;
}

/** The tables that statements name behind some words. */
function tablesOf(statements: readonly string[], words: RegExp): string[] {
  return statements.flatMap((text) => words.exec(text)?.[1] ?? []);
}

describe('a migration', () => {
  it.each(later.map((Migration) => [Migration.name, Migration] as const))(
    'that locks a table with rows is done with it at once: %s',
    async (_name, Migration) => {
      const statements = await statementsOf(Migration);
      const own = new Set(tablesOf(statements, /^\s*CREATE TABLE (\w+)/));
      const ofOthers = (words: RegExp) => tablesOf(statements, words).filter((table) => !own.has(table));
      const locked = ofOthers(/^\s*ALTER TABLE (\w+)/);
      const read = [
        ...ofOthers(/^\s*CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)/),
        ...ofOthers(/^\s*UPDATE (\w+)/),
        ...ofOthers(/^\s*INSERT INTO (\w+)[\s\S]*\bFROM\b/),
        ...tablesOf(statements, /^\s*INSERT INTO \w+[\s\S]*?\bFROM (\w+)/),
      ];
      expect(locked.length === 0 || read.length === 0, `locks ${locked.join()} and reads ${read.join()}`).toBe(true);
      expect(statements[0]).toBe(`SET LOCAL lock_timeout = '5s'`);
    },
  );

  it('stands where it is run: in the order of its time', () => {
    const times = migrations.map(({ name }) => Number(name.slice(-13)));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
