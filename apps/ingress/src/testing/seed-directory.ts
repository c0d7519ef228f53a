import { createDataSource, openSecretPepper } from '@rollcall/database';
import { createSealer, createSecretHasher } from '@rollcall/platform';
import type { SecretHasher, SecretKeys } from '@rollcall/platform';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import type { TestIngress } from './start-test-ingress';

/** A directory whose token opens it. */
export interface SeededDirectory extends BuiltDirectory {
  /** Base URL of its SCIM endpoints. */
  scimUrl: string;
}

/** Makes a directory, enabled and with its feature on, whose token opens it at that ingress. */
export async function seedDirectory(
  adminUrl: string,
  { baseUrl, keys }: Pick<TestIngress, 'baseUrl' | 'keys'>,
  { strict = false }: { strict?: boolean } = {},
): Promise<SeededDirectory> {
  const directory = await buildDirectory(adminUrl, { strict, hasher: await openHasher(adminUrl, keys) });
  return { ...directory, scimUrl: `${baseUrl}/scim/${directory.directoryId}/v2` };
}

/** A hasher as the ingress has one. */
export async function openHasher(adminUrl: string, keys: SecretKeys): Promise<SecretHasher> {
  const dataSource = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  const pepper = await openSecretPepper(dataSource, createSealer(keys)).finally(() => dataSource.destroy());
  return createSecretHasher({ pepper: () => pepper });
}

/** Runs statements past row-level security; the rows of the last one. */
export async function runAsAdmin<Row>(
  adminUrl: string,
  statements: [text: string, values: unknown[]][],
): Promise<Row[]> {
  const dataSource = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  try {
    let rows: Row[] = [];
    for (const [text, values] of statements) rows = await dataSource.query<Row[]>(text, values);
    return rows;
  } finally {
    await dataSource.destroy();
  }
}
