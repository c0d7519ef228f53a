/** The functions of this folder; infra/build/sql-functions.js reads them when a program is bundled. */
declare module 'virtual:sql-functions' {
  export const sqlFunctions: readonly {
    readonly name: string;
    /** Types of the parameters that a caller gives. */
    readonly parameterTypes: readonly string[];
    /** The file: a comment and one CREATE OR REPLACE FUNCTION. */
    readonly text: string;
  }[];
}
