import { PAGE_BYTES } from '@rollcall/scim-store';
import type { RenderedList } from '../render/render-list';
import { withAnswerMemory } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** Set aside for each resource of a page until it is read; few have more, but groups with their members, of which one may fill a page. */
const BYTES_OF_RESOURCE = 8 * 1024;

/** Answers with a list, which has its directory's memory until it is sent. Throws 503 when there is none for too long. */
export function withListMemory(
  context: ScimContext,
  call: ScimCall,
  { count, showsMembers }: { count: number; showsMembers: boolean },
  make: () => Promise<RenderedList>,
): Promise<ScimAnswer> {
  const bytes = showsMembers && count > 0 ? PAGE_BYTES : Math.min(count * BYTES_OF_RESOURCE, PAGE_BYTES);
  return withAnswerMemory(context, call, bytes, async () => {
    const { body, size, logged } = await make();
    return { answer: { status: 200, body, logged }, size };
  });
}
