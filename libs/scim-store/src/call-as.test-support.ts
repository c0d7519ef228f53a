import type { Pool } from 'pg';
import type { FunctionCaller } from '@rollcall/database';
import { AdmittedCalls } from './admitted-calls';
import type { ScimCaller } from './caller';

/** The calls of a caller whose token was verified; what is recorded of its use is dropped. */
export function callAs(caller: ScimCaller, functions: FunctionCaller): AdmittedCalls {
  return new AdmittedCalls(caller, { functions, pool: () => functions as Pool, recordUse: () => undefined });
}
