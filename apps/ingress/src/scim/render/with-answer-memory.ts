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

/** What is set aside for a group until it is read; few have more members, and no more are read at a time than there are connections. */
const BYTES_OF_GROUP = SMALL;

/**
 * Makes an answer that may be large with its directory's memory, which it has until it is sent. Throws 503 when there is none for
 * too long, before anything is done.
 * @param expected bytes to begin with
 */
export async function withAnswerMemory(
  { answerBytes }: ScimContext,
  { caller }: ScimCall,
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

/** The same for an operation on a group, which may be answered with all its members. */
export function withGroupMemory(
  context: ScimContext,
  call: ScimCall,
  make: () => Promise<SizedAnswer>,
): Promise<ScimAnswer> {
  return withAnswerMemory(context, call, BYTES_OF_GROUP, make);
}
