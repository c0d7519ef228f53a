import { Inject, Injectable } from '@nestjs/common';
import { AppError, deriveKey } from '@rollcall/platform';
import type { Page, PageCursor, PageRequest } from '@rollcall/management';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { DEFAULT_PAGE_SIZE } from './page-query';
import type { PageInfo, PageQuery } from './page-query';
import { createOpaqueTokens } from './page-tokens';
import type { OpaqueTokens } from './page-tokens';

/** What stands beside the items of a list. */
export type PageAnswer = Pick<PageInfo, keyof PageInfo>;

/** Translates between page tokens and the cursors of libs/database. */
@Injectable()
export class Pager {
  readonly tokens: OpaqueTokens;

  constructor(@Inject(CONFIG) { secretKey }: IngressConfig) {
    this.tokens = createOpaqueTokens(deriveKey(secretKey, 'page-token'));
  }

  /**
   * Reads a list's query. `scope` names the list with its tenant and filters. Throws AppError 400 for a token of another list.
   */
  read({ page_size: size = DEFAULT_PAGE_SIZE, page_token: token = '' }: PageQuery, ...scope: unknown[]): PageRequest {
    if (token === '') return { size };
    const cursor = this.tokens.decode(token, scopeText(scope)) as PageCursor | null;
    if (cursor) return { size, cursor };
    throw new AppError({
      kind: 'invalid',
      code: 'invalid_page_token',
      message: '"page_token" must be a token that this list answered, asked for with the same filters.',
    });
  }

  /** The part of the answer that stands beside the items. The scope is that of {@link read}. */
  info(
    { next, prev, total }: Pick<Page<unknown>, 'next' | 'prev'> & { total: number },
    ...scope: unknown[]
  ): PageAnswer {
    const encode = (cursor: PageCursor | null) => (cursor === null ? '' : this.tokens.encode(cursor, scopeText(scope)));
    return { total_size: total, next_page_token: encode(next), prev_page_token: encode(prev) };
  }
}

function scopeText(scope: unknown[]): string {
  return JSON.stringify(scope);
}
