import { sqlFunctions } from 'virtual:sql-functions';

/** One SQL function; a file of the folder `sql` is its current definition. */
export type SqlFunction = (typeof sqlFunctions)[number];

const BY_NAME: ReadonlyMap<string, SqlFunction> = new Map(sqlFunctions.map((each) => [each.name, each]));

/** Every SQL function, by name. */
export function readFunctions(): ReadonlyMap<string, SqlFunction> {
  return BY_NAME;
}

/** The types of what a caller of an SQL function gives, in order. Throws when there is no function of that name. */
export function parameterTypesOf(name: string): readonly string[] {
  const found = BY_NAME.get(name);
  if (!found) throw new Error(`there is no SQL function ${name}`);
  return found.parameterTypes;
}
