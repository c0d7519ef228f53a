import { createDataSource } from '@rollcall/database';
import { createSecretHasher } from '@rollcall/platform';
import { buildDirectory } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';

/** A directory whose token opens it. */
export interface SeededDirectory extends BuiltDirectory {
  /** Base URL of its SCIM endpoints. */
  scimUrl: string;
}

/** Makes a directory, enabled and with its feature on, whose token opens it. */
export async function seedDirectory(
  adminUrl: string,
  baseUrl: string,
  { strict = false }: { strict?: boolean } = {},
): Promise<SeededDirectory> {
  const directory = await buildDirectory(adminUrl, { strict, hasher: createSecretHasher() });
  return { ...directory, scimUrl: `${baseUrl}/scim/${directory.directoryId}/v2` };
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
