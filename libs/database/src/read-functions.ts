import { sqlFiles } from 'virtual:sql-files';

/** One SQL function: a file of the folder `sql` is its current definition. */
export interface SqlFunction {
  name: string;
  /** Its parameters as they are written, and the types alone of those that a caller gives. */
  parameters: string;
  parameterTypes: readonly string[];
  /** The file: a comment and one CREATE OR REPLACE FUNCTION. */
  text: string;
}

/** Every SQL function, by name. Throws when a file does not define the function that it is named for, or two define the same. */
export function readFunctions(files: Readonly<Record<string, string>> = sqlFiles): ReadonlyMap<string, SqlFunction> {
  const functions = new Map<string, SqlFunction>();
  for (const [path, text] of Object.entries(files)) {
    const definition = readFunction(path, text);
    if (functions.has(definition.name)) throw new Error(`${path}: ${definition.name} is defined in another file too`);
    functions.set(definition.name, definition);
  }
  return functions;
}

const DEFINITION = /^CREATE OR REPLACE FUNCTION (\w+)\(([^$]*?)\)\n(?:RETURNS|LANGUAGE) /m;

function readFunction(path: string, text: string): SqlFunction {
  const [, name = '', written = ''] = DEFINITION.exec(text) ?? [];
  if (!path.endsWith(`/${name}.sql`)) throw new Error(`${path} does not define the function that it is named for`);
  const parameters = written.replaceAll(/\s+/g, ' ').trim();
  const parameterTypes = parameters
    .split(', ')
    .filter((parameter) => parameter !== '' && !parameter.startsWith('OUT '))
    .map((parameter) => parameter.replace(/^(IN|INOUT) /, '').replace(/^\w+ /, ''));
  return { name, parameters, parameterTypes, text };
}
