/** What is known of the SQL functions (see apply-functions.ts); they are applied after the migrations. */
export const FUNCTIONS_TABLES = [
  // One row: the version that the tables and functions are at, and the oldest version of a process that they still serve.
  `CREATE TABLE database_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version integer NOT NULL,
    oldest_served integer NOT NULL,
    update_time timestamptz NOT NULL DEFAULT now()
  )`,
  // sha256: of the file. installed_md5: of what PostgreSQL made of it, rights included. listed_in: the last version that names
  // the function. unlisted_in: the first one that does not.
  `CREATE TABLE sql_functions (
    name text COLLATE "C" PRIMARY KEY,
    sha256 text NOT NULL,
    installed_md5 text NOT NULL,
    listed_in integer NOT NULL,
    unlisted_in integer
  )`,
];
