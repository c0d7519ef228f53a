import type { DataSource } from 'typeorm';

/** Whether a cell has a copy of all that the control cell's owners have configured. Takes connections of any role. */
export async function isConfigurationCopied(control: DataSource, cell: DataSource): Promise<boolean> {
  // First, because it may have to be waited for, and meanwhile something may change.
  const [there] = await cell.query<{ version: string }[]>('SELECT version FROM read_copied_version()');
  const [here] = await control.query<{ version: string | null }[]>('SELECT hash_configuration() AS version');
  return there !== undefined && there.version === here?.version;
}
