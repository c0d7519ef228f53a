import type { Readiness } from '@rollcall/platform';
import type { Installation } from './installation';

/** The readiness of an installation: that of its control cell. Other cells that cannot serve are named among what is degraded. */
export async function tellReadiness({ control, cells }: Pick<Installation, 'control' | 'cells'>): Promise<Readiness> {
  const states = await Promise.all(
    cells.map(async (cell) => (cell.isReady ? cell.operations?.readiness() : undefined)),
  );
  const away = cells.filter((cell, index) => cell !== control && states[index]?.status !== 'ok');
  const { degraded, ...state } = states[cells.indexOf(control)] ?? { status: 'unavailable', degraded: [] };
  return { ...state, degraded: [...degraded, ...away.map(({ name }) => `cell ${name}`)] };
}
