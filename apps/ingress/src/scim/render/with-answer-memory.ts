import { PAGE_BYTES } from '@rollcall/scim-store';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** An answer with the characters of what its body is made from. */
export interface SizedAnswer {
  answer: ScimAnswer;
  size: number;
}

/** An answer below this size is not worth the keeping of accounts until it is sent. */
const SMALL = 64 * 1024;

/**
 * Makes an answer that may be large with its directory's memory, which it has until it is sent. Throws 503 when there is none for
 * too long, before anything is done.
 * @param expected bytes to begin with: so many that those who are let in together cannot take much more than there is
 */
export async function withAnswerMemory(
  { answerBytes }: Pick<ScimContext, 'answerBytes'>,
  { caller }: { caller: Pick<ScimCall['caller'], 'directoryId'> },
  expected: number,
  make: () => Promise<SizedAnswer>,
): Promise<ScimAnswer> {
  const memory = await answerBytes.take(caller.directoryId, expected);
  try {
    const { answer, size } = await make();
    memory.keep(size < SMALL ? 0 : size);
    return size < SMALL ? answer : { ...answer, memory };
  } catch (error) {
    memory.giveBack();
    throw error;
  }
}

/**
 * The same for an operation on a group. How many members it has is known only when they have been read: as much is set aside as a
 * page may have, so that no more of a directory's groups are read at a time than it has connections.
 * @param withMembers whether the answer shows them; without them it needs no memory
 */
export async function withGroupMemory(
  context: ScimContext,
  call: ScimCall,
  withMembers: boolean,
  make: () => Promise<SizedAnswer>,
): Promise<ScimAnswer> {
  return withMembers ? withAnswerMemory(context, call, PAGE_BYTES, make) : (await make()).answer;
}
