import { copyConfigurationRows } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { makeDeliveriesDue } from '../webhooks/make-deliveries-due';

/**
 * Brings a cell's copy of the owner's configuration to what the control cell has (`copyConfigurationRows`), and makes due what waits for
 * the endpoints that this enables again. Cheap when nothing has changed. Takes connections of the application's role, or of an owner that
 * sees every tenant.
 * @param options.all compares every row, also when the copy is noted to be complete
 * @throws AppError `control_not_set_up`, `cell_of_another_installation`, `cell_named_twice`
 */
export async function copyConfiguration(
  control: DataSource,
  cell: DataSource,
  options: { all?: boolean } = {},
): Promise<void> {
  for (const endpoint of await copyConfigurationRows(control, cell, options)) await makeDeliveriesDue(cell, endpoint);
}
