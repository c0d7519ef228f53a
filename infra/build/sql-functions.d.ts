import type { Plugin } from 'rolldown';

export interface SqlFunction {
  /** Below the folder. */
  readonly path: string;
  readonly name: string;
  /** Its parameters and results as they are written, on one line. */
  readonly signature: string;
  /** Types of the parameters that a caller gives. */
  readonly parameterTypes: readonly string[];
  /** The file: a comment and one CREATE OR REPLACE FUNCTION. */
  readonly text: string;
}

export function sqlFunctions(): Plugin;
export function readSqlFunctions(folder?: string): SqlFunction[];
export function parseSqlFunction(path: string, text: string): SqlFunction;
