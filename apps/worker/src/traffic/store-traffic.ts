import type { DataSource } from '@rollcall/database';
import { writeTraffic } from '@rollcall/pipeline-store';
import type { TrafficCounts } from './count-traffic';

/** Rows of one statement. */
const SLICE = 500;

/** Stores what was counted. What could not be stored is counted on, for the next time; throws what the database has thrown. */
export async function storeTraffic(
  dataSource: DataSource,
  traffic: Pick<TrafficCounts, 'take' | 'giveBack'>,
): Promise<void> {
  const rows = traffic.take();
  while (rows.length > 0) {
    const slice = rows.slice(0, SLICE);
    try {
      await writeTraffic(dataSource, slice);
    } catch (error) {
      traffic.giveBack(rows);
      throw error;
    }
    rows.splice(0, slice.length);
  }
}
