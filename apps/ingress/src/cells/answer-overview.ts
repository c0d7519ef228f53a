import { combineOverviews } from '@rollcall/cells';
import type { OverviewPart } from '@rollcall/cells';
import { sendJsonText } from '../http/send-json-text';
import { askCells, passAnswer } from './ask-cell';
import type { Answerer, Installation } from './installation';
import { cellUnavailable } from './refusals';

/** Answers one overview of those of all cells; `unavailable_cells` names those of which it lacks theirs. */
export function answerOverview({ control, cells }: Installation): Answerer {
  return async (request, reply) => {
    const answers = await askCells(cells, request);
    const ofControl = answers.get(control.name);
    if (!ofControl) throw cellUnavailable();
    if (ofControl.status !== 200) return passAnswer(reply, ofControl);
    const others = [...answers].filter(([name]) => name !== control.name);
    const parts = others.flatMap(([, answer]) =>
      answer?.status === 200 ? [JSON.parse(answer.text) as OverviewPart] : [],
    );
    const unavailable = others.filter(([, answer]) => answer === null).map(([name]) => name);
    const body = {
      ...combineOverviews(JSON.parse(ofControl.text) as OverviewPart, parts),
      ...(unavailable.length > 0 && { unavailable_cells: unavailable }),
    };
    sendJsonText(reply, 'application/json; charset=utf-8', JSON.stringify(body));
  };
}
