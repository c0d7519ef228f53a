import type { DataSource } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { listEnvironments } from '@rollcall/management';
import { parseId, publicId } from '@rollcall/platform';

/** The bare id of the environment that is named, or of the only one. Throws a StartError that names those there are. */
export async function chooseEnvironment(dataSource: DataSource, named: string | undefined): Promise<string> {
  const id = readId('env', '--environment', named);
  const environments = await listEnvironments(dataSource);
  const chosen =
    id === undefined && environments.length === 1 ? environments[0] : environments.find((one) => one.id === id);
  if (chosen) return chosen.id;
  const known = environments.map((one) => `${publicId('env', one.id)} (${one.name})`).join(', ');
  throw new StartError(`Name one of the environments with --environment: ${known}.`);
}

/** The bare id of an option's value. Throws a StartError when it is none. */
export function readId(prefix: 'org' | 'env', option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const id = parseId(prefix, text);
  if (id === null) throw new StartError(`${option} must be an id that begins with ${prefix}_.`);
  return id;
}
