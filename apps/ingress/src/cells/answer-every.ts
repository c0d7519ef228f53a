import { findPastPlacements } from '@rollcall/management';
import { parseId } from '@rollcall/platform';
import { askCells, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import { cellFor, cellOf } from './installation';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/**
 * Has something done in every cell: a replay, which is one in each of them, or what waits for an endpoint thrown away. What the control
 * cell refuses, none is asked for; a directory that it does not know is another's. `unavailable_cells` names the cells in which it was
 * not done. Throws AppError 503 when no cell is there, and when one is not that has something of the directory that is named.
 */
export function answerEvery(installation: Installation, adds: 'replays' | 'canceled'): Answerer {
  const combine = adds === 'replays' ? combineReplays : combineCanceled;
  const { control, cells } = installation;
  return async (request, reply) => {
    const owners = await findOwners(installation, request.body);
    const first = await askCells([control], request);
    const ofControl = first.get(control.name);
    if (ofControl && isRefused(ofControl)) return passAnswer(reply, ofControl);
    const others = cells.filter((cell) => cell !== control);
    const answers = new Map([...first, ...(await askCells(others, request))]);
    const known = [...answers.values()].filter((answer) => answer !== null);
    const left = [...answers].filter(([, answer]) => answer === null || isRefused(answer)).map(([name]) => name);
    const [done] = known.filter(isDone);
    const missed = left.find((name) => owners?.has(name));
    if (!done || missed !== undefined) {
      const refusal = missed === undefined ? (known.find(isRefused) ?? ofControl) : answers.get(missed);
      if (!refusal) throw cellUnavailable();
      return passAnswer(reply, refusal);
    }
    // Cells that are away have nothing of a directory that others have.
    const unavailable = owners ? [] : left;
    const body = {
      ...combine(known.filter(isDone).map(({ text }) => JSON.parse(text))),
      ...(unavailable.length > 0 && { unavailable_cells: unavailable }),
    };
    passAnswer(reply, { ...done, text: JSON.stringify(body) });
  };
}

const isDone = ({ status }: CellAnswer) => status < 300;
const isRefused = ({ status }: CellAnswer) => status >= 300 && status !== 404;

/** The cells that have something of the directory that is named; null when none is. Throws AppError 503 when one takes no requests. */
async function findOwners(installation: Installation, body: unknown): Promise<Set<string> | null> {
  const { directory_id: directory } = (body ?? {}) as { directory_id?: unknown };
  const id = typeof directory === 'string' ? parseId('dir', directory) : null;
  const placement = id === null ? null : await installation.placements.directory(id);
  if (id === null || !placement) return null;
  const past = await installation.control.look((store) => findPastPlacements(store, id));
  const owners: Cell[] = [cellFor(installation, placement), ...past.map(({ cell }) => cellOf(installation, cell))];
  if (owners.some(({ isReady }) => !isReady)) throw cellUnavailable();
  return new Set(owners.map(({ name }) => name));
}

interface ReplayBody {
  replay: { total: number };
}

/** The first that has work, and all of them. */
function combineReplays(bodies: readonly ReplayBody[]) {
  const replays = bodies.map(({ replay }) => replay);
  return { replay: replays.find(({ total }) => total > 0) ?? replays[0], replays };
}

interface CanceledBody {
  canceled: number;
  has_more: boolean;
}

function combineCanceled(bodies: readonly CanceledBody[]) {
  return {
    canceled: bodies.reduce((sum, { canceled }) => sum + canceled, 0),
    has_more: bodies.some(({ has_more }) => has_more),
  };
}
