import { Param } from '@nestjs/common';
import type { DataSource } from '@rollcall/database';
import { createHandOver, listHandOvers } from '@rollcall/management';
import type { Writer } from '@rollcall/management';
import type { Clock } from '@rollcall/platform';
import type { IngressConfig } from '../../http/context.module';
import { IdPipe } from '../input/id.pipe';
import type { PageQuery } from '../paging/page-query';
import type { Pager } from '../paging/pager';
import { DEFAULT_EXPIRES_IN } from './hand-over.dto';
import type { CreateHandOverBody, HandOverList, NewHandOverAnswer } from './hand-over.dto';
import { renderHandOver, renderNewHandOver } from './render-hand-over';

interface HandOverTools {
  dataSource: DataSource;
  config: Pick<IngressConfig, 'publicUrl'>;
  clock: Clock;
  pager: Pager;
}

interface Scope {
  environmentId: string;
  organizationId: string;
  directoryId: string;
}

export const handOverIdParam = () => Param('hand_over_id', new IdPipe('hov', 'hand_over'));

/** Answers both APIs' request to make one. */
export async function answerNewHandOver(
  { config, clock }: Pick<HandOverTools, 'config' | 'clock'>,
  writer: Writer,
  scope: Scope,
  { expires_in: expiresIn = DEFAULT_EXPIRES_IN }: CreateHandOverBody,
): Promise<NewHandOverAnswer> {
  const made = await createHandOver(writer, scope, { expiresIn, publicUrl: config.publicUrl });
  return renderNewHandOver(made, clock());
}

/** Answers both APIs' request for the list. */
export async function answerHandOvers(
  { dataSource, clock, pager }: Pick<HandOverTools, 'dataSource' | 'clock' | 'pager'>,
  scope: Scope,
  query: PageQuery,
): Promise<HandOverList> {
  const list = ['hand_overs', scope.environmentId, scope.organizationId, scope.directoryId];
  const { page, info } = await pager.list(query, list, (request) => listHandOvers(dataSource, scope, request));
  const now = clock();
  return { hand_overs: page.rows.map((view) => renderHandOver(view, now)), ...info };
}
