import type { DataSource } from 'typeorm';
import { openForCopy } from '../backup/open-for-copy';

/** One of the databases that an installation is spread over, opened as its owner. */
export interface Cell {
  readonly name: string;
  readonly dataSource: DataSource;
}

/** An organization that is moved; bare ids. */
export interface MovedOrganization {
  readonly environmentId: string;
  readonly organizationId: string;
}

/** A cell opened as its owner, for copying too; whoever gets it destroys it. Throws AppError `owner_refused`. */
export async function openCell({ name, ownerUrl }: { name: string; ownerUrl: string }): Promise<Cell> {
  const dataSource = await openForCopy(ownerUrl, { applicationName: 'rollcall-move', poolSize: 4 });
  return { name, dataSource };
}
