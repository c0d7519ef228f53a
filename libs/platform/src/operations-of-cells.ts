import type { Series } from './create-metrics';
import type { Readiness } from './readiness';
import type { Operations } from './serve-operations';

/** What a process does for one cell. */
export interface CellOperations {
  cell: string;
  /** Null while it does nothing for it yet, as before its database was there. */
  operations: Operations | null;
}

/**
 * What a process tells that does the same for several cells. It is ready while it is for the cell that it cannot do without, or else for
 * any of them, and names the others as degraded. Each series has the label `cell`, and what is measured of the process itself is told
 * once.
 * @param cells asked each time
 * @param options.required the cell that it cannot do without
 */
export function operationsOfCells(
  cells: () => readonly CellOperations[],
  { required }: { required?: string } = {},
): Operations {
  return {
    readiness: async () =>
      joinReadiness(
        await Promise.all(
          cells().map(async ({ cell, operations }) => ({ cell, state: (await operations?.readiness()) ?? ABSENT })),
        ),
        required,
      ),
    series: async () =>
      joinSeries(
        await Promise.all(
          cells().map(async ({ cell, operations }) => ({ cell, series: (await operations?.series()) ?? [] })),
        ),
      ),
  };
}

const ABSENT: Readiness = { status: 'unavailable', degraded: [] };

function joinReadiness(states: readonly { cell: string; state: Readiness }[], required: string | undefined): Readiness {
  const down = states.filter(({ state }) => state.status === 'unavailable');
  const failed = down.find(({ cell }) => cell === required) ?? (down.length === states.length ? down[0] : undefined);
  const degraded = states.flatMap(({ cell, state }) => [
    ...(state.status === 'unavailable' ? [`cell ${cell}`] : []),
    ...state.degraded.map((part) => `${part} of cell ${cell}`),
  ]);
  if (!failed) return { status: 'ok', degraded };
  const { cell, state } = failed;
  const failing = state.failing === undefined ? `cell ${cell}` : `${state.failing} of cell ${cell}`;
  return { status: 'unavailable', degraded, failing };
}

/** Metrics of the process: of its memory, its event loop, its version. */
const OF_PROCESS = /^(process_|nodejs_|rollcall_build_info$|rollcall_event_loop_)/;

function joinSeries(parts: readonly { cell: string; series: readonly Series[] }[]): Series[] {
  const told = new Set<string>();
  return parts.flatMap(({ cell, series }) =>
    series.flatMap((one): Series[] => {
      if (!OF_PROCESS.test(one.name)) return [labelSeries(one, cell)];
      if (told.has(one.name)) return [];
      told.add(one.name);
      return [one];
    }),
  );
}

function labelSeries(series: Series, cell: string): Series {
  return { ...series, values: series.values.map((value) => ({ ...value, labels: { ...value.labels, cell } })) };
}
