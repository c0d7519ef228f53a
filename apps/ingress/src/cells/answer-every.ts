import { askCell, passAnswer } from './ask-cell';
import type { CellAnswer } from './ask-cell';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/**
 * Has something done in every cell: a replay, which is one in each of them, or what waits for an endpoint thrown away. What the control
 * cell refuses, none is asked for; a directory that it does not know is another's. Throws AppError 503 when one of them is away.
 */
export function answerEvery({ control, cells }: Installation, adds: 'replays' | 'canceled'): Answerer {
  const combine = adds === 'replays' ? combineReplays : combineCanceled;
  return async (request, reply) => {
    if (cells.some(({ isReady }) => !isReady)) throw cellUnavailable();
    const done: CellAnswer[] = [];
    let unknown: CellAnswer | undefined;
    for (const cell of cells) {
      const answer = await askCell(cell, request);
      if (answer.status < 300) done.push(answer);
      else if (answer.status === 404) unknown ??= answer;
      else if (cell === control || answer.status >= 500) return passAnswer(reply, answer);
    }
    const [first] = done;
    if (!first) return passAnswer(reply, unknown ?? (await askCell(control, request)));
    passAnswer(reply, { ...first, text: JSON.stringify(combine(done.map(({ text }) => JSON.parse(text)))) });
  };
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
