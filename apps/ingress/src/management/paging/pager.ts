import { Inject, Injectable } from '@nestjs/common';
import { AppError, deriveKeys } from '@rollcall/platform';
import type { Page, PageCursor, PageRequest } from '@rollcall/management';
import { CONFIG } from '../../http/context.module';
import type { IngressConfig } from '../../http/context.module';
import { DEFAULT_PAGE_SIZE, LAST_PAGE } from './page-query';
import type { PageInfo, PageQuery } from './page-query';
import { createOpaqueTokens } from './page-tokens';
import type { OpaqueTokens } from './page-tokens';

/** What stands beside the items of a list. */
type PageAnswer = Pick<PageInfo, keyof PageInfo>;

/** Translates between page tokens and the cursors of libs/management. */
@Injectable()
export class Pager {
  readonly tokens: OpaqueTokens;

  constructor(@Inject(CONFIG) config: IngressConfig) {
    this.tokens = createOpaqueTokens(deriveKeys(config, 'page-token'));
  }

  /**
   * Reads a page of a list and what stands beside its items in the answer. `scope` names the list with its tenant and filters.
   * Throws AppError 400 for a token of another list.
   */
  async list<P extends Pick<Page<unknown>, 'next' | 'prev'> & { total: number }>(
    query: PageQuery,
    scope: readonly unknown[],
    read: (page: PageRequest) => Promise<P>,
  ): Promise<{ page: P; info: PageAnswer }> {
    const { page_size: size = DEFAULT_PAGE_SIZE, page_token: token } = query;
    const isLast = token === LAST_PAGE;
    const page = await read(isLast ? { size, cursor: { direction: 'prev', keys: [] } } : this.read(query, scope));
    return { page, info: this.info(page, scope) };
  }

  /** The same of a list that does not count its items and is read forwards only: a log. */
  async log<P extends Pick<Page<unknown>, 'next'>>(
    query: PageQuery,
    scope: readonly unknown[],
    read: (page: PageRequest) => Promise<P>,
  ): Promise<{ page: P; next_page_token: string }> {
    const page = await read(this.read(query, scope));
    return { page, next_page_token: this.encode(page.next, scope) };
  }

  private read(
    { page_size: size = DEFAULT_PAGE_SIZE, page_token: token = '' }: PageQuery,
    scope: readonly unknown[],
  ): PageRequest {
    if (token === '') return { size };
    const cursor = this.tokens.decode(token, scopeText(scope)) as PageCursor | null;
    if (cursor) return { size, cursor };
    throw new AppError({
      kind: 'invalid',
      code: 'invalid_page_token',
      message: '"page_token" must be a token that this list answered, asked for with the same filters.',
    });
  }

  private info(
    { next, prev, total }: Pick<Page<unknown>, 'next' | 'prev'> & { total: number },
    scope: readonly unknown[],
  ): PageAnswer {
    return {
      total_size: total,
      next_page_token: this.encode(next, scope),
      prev_page_token: this.encode(prev, scope),
    };
  }

  private encode(cursor: PageCursor | null, scope: readonly unknown[]): string {
    return cursor === null ? '' : this.tokens.encode(cursor, scopeText(scope));
  }
}

function scopeText(scope: readonly unknown[]): string {
  return JSON.stringify(scope);
}
