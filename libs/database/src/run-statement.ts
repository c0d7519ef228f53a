import type { EntityManager } from 'typeorm';
import type { ErrorCode, MissingThing } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';

/** Rows that a statement returned and how many it touched. */
export interface StatementResult<Row> {
  rows: Row[];
  affected: number;
}

/** Runs one SQL statement of a transaction. Unlike `manager.query` it answers alike for SELECT, INSERT, UPDATE and DELETE. */
export async function runStatement<Row>(
  manager: EntityManager,
  sql: string,
  params: readonly unknown[] = [],
): Promise<StatementResult<Row>> {
  if (!manager.queryRunner) throw new Error('runStatement needs the manager of a transaction');
  const result = await manager.queryRunner.query(sql, [...params], true);
  return { rows: result.records as Row[], affected: result.affected ?? result.records.length };
}

/** 404 for an object that does not exist, or not for this tenant; the two are never told apart. */
export function notFound(thing: MissingThing<ErrorCode>): AppError {
  return new AppError({
    kind: 'not_found',
    code: `${thing}_not_found`,
    message: `There is no such ${thing.replaceAll('_', ' ')}.`,
  });
}
