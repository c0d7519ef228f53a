import type { ListQuery } from '@rollcall/scim';
import { PAGE_BYTES } from '@rollcall/scim-store';
import type { RenderedList } from '../render/render-list';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** Set aside for each resource of a page until it is read; few have more, and no more pages are read at a time than there are connections. */
const BYTES_OF_RESOURCE = 8 * 1024;

/** Answers with a list, which has its directory's memory until it is sent. Throws 503 when there is none for too long. */
export async function withListMemory(
  { listBytes }: ScimContext,
  { caller }: ScimCall,
  { count }: ListQuery,
  make: () => Promise<RenderedList>,
): Promise<ScimAnswer> {
  const memory = await listBytes.take(caller.directoryId, Math.min(count * BYTES_OF_RESOURCE, PAGE_BYTES));
  try {
    const { body, size } = await make();
    memory.keep(size);
    return { status: 200, body, memory };
  } catch (error) {
    memory.giveBack();
    throw error;
  }
}
