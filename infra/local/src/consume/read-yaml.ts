import { readFile } from 'node:fs/promises';
import { StartError } from '@rollcall/embedded-postgres';
import { LineCounter, parseDocument } from 'yaml';

/** Aliases of a file may repeat what they stand for this often, so that a small file stays small. */
const MAX_ALIASES = 100;

/**
 * What a YAML (or JSON) file says.
 * @throws StartError when it cannot be read or is none, with the line
 */
export async function readYaml(path: string | undefined): Promise<unknown> {
  if (path === undefined) throw new StartError('Name the file.');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
  const document = parseDocument(text, { lineCounter: new LineCounter() });
  const [error] = document.errors;
  if (error) throw new StartError(`${path}: ${error.message.split(':\n', 1)[0]}.`);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (thrown) {
    // Of an alias that stands for nothing, or of too many.
    throw new StartError(`${path}: ${(thrown as Error).message}.`);
  }
}
