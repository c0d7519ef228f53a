import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntegerParameter, TextField } from '../input/fields';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** The token of the page that ends with the last item. */
export const LAST_PAGE = 'last';

/** The query of every list. */
export class PageQuery {
  @IntegerParameter({
    min: 1,
    max: MAX_PAGE_SIZE,
    description: `Items on a page, ${DEFAULT_PAGE_SIZE} unless said otherwise.`,
  })
  page_size?: number;

  @TextField({
    min: 0,
    max: 2_000,
    description:
      'A `next_page_token` or `prev_page_token` of the same list; of one that counts its items also `last`, for the page that ends with its last item.',
  })
  page_token?: string;
}

/** What an answer lacks that is put together of several databases. */
export const UnavailableCells = (lack = 'What they have is not in the answer.') =>
  ApiPropertyOptional({
    type: [String],
    description: `Only where organizations live in several databases: those that could not be asked. ${lack}`,
  });

/** The same of an answer to what was to be done in all of them. */
export const NOTHING_DONE = 'For their organizations it may not have been done.';

/** What every list answers beside its items. */
export class PageInfo {
  @ApiProperty({ type: 'integer', description: 'How many items the whole list has.' })
  total_size: number;

  @ApiProperty({ type: String, description: 'Empty at the end of the list.' })
  next_page_token: string;

  @ApiProperty({ type: String, description: 'Empty at the start of the list.' })
  prev_page_token: string;

  @UnavailableCells()
  unavailable_cells?: string[];
}
