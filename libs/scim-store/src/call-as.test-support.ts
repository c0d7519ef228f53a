import type { Pool } from 'pg';
import type { FunctionCaller } from '@rollcall/database';
import { createShares, newId } from '@rollcall/platform';
import { AdmittedCalls } from './admitted-calls';
import type { ScimCaller } from './caller';
import { sharePool } from './share-pool';
import type { SharedPool } from './share-pool';

/** The calls of a caller whose token was verified; what is recorded of its use is dropped. */
export function callAs(caller: ScimCaller, functions: FunctionCaller): AdmittedCalls {
  const shared = shareFreely(functions as Pool);
  const connection = {
    functions,
    searches: { indexed: shared, scanning: shared },
    scans: { admit: () => undefined, charge: () => undefined },
    recordUse: () => undefined,
  };
  return new AdmittedCalls(caller, connection, { id: newId() });
}

/** A pool that nobody has to wait for. */
export function shareFreely(pool: Pool): SharedPool {
  const fail = () => new Error('there is enough for all');
  const most = { capacity: 1_000, perKey: 1_000, maxWaiting: { all: 0, perKey: 0 }, maxWaitMs: 0 };
  return sharePool(pool, createShares({ ...most, overShare: fail, overloaded: fail }));
}
