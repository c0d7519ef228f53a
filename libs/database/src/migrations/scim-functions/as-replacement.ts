/** The statement that makes a function, as one that also replaces a function of the same signature. */
export function asReplacement(statement: string): string {
  return statement.replace(/^CREATE FUNCTION/, 'CREATE OR REPLACE FUNCTION');
}
