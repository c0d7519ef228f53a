/** The .sql files of this folder, by path below it; infra/build/sql-files.js reads them when the program is bundled. */
declare module 'virtual:sql-files' {
  export const sqlFiles: Readonly<Record<string, string>>;
}
