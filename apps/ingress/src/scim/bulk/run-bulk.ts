import {
  bulkResponse,
  orderBulkOperations,
  parseBulkRequest,
  resolveBulkIdReferences,
  ScimError,
  toErrorBody,
} from '@rollcall/scim';
import type { BulkOperation, BulkOperationResult } from '@rollcall/scim';
import { toProblem } from '../../http/to-problem';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { runBulkOperation } from './run-bulk-operation';
import { withoutReferences } from './without-references';

/** What a bulk request has done so far. */
interface Progress {
  /** By bulkId, the resources made. */
  ids: Map<string, string>;
  /** By position in the request. */
  results: (BulkOperationResult | undefined)[];
  failures: number;
  /** Resources made without some of their references, by position, with the bulkIds that were not known yet. */
  partial: Map<number, Set<string>>;
}

/**
 * POST /Bulk (RFC 7644 §3.7): 200 with the result of each operation, in the order of the request. Operations run one after
 * the other, those that others refer to first; each is durable by itself. After `failOnErrors` failures the rest is left out.
 */
export async function runBulk(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await call.caller.confirm();
  const { operations, failOnErrors } = parseBulkRequest(call.body);
  const progress: Progress = { ids: new Map(), results: [], failures: 0, partial: new Map() };
  for (const index of orderBulkOperations(operations)) {
    const operation = operations[index];
    if (!operation) continue;
    if (failOnErrors !== undefined && progress.failures >= failOnErrors) break;
    await runOne(context, call, operation, index, progress);
    // At once, so that what later operations do to these resources is not undone.
    for (const [made, missing] of progress.partial) {
      if (missing.size === 0) await complete(context, call, operations[made], made, progress);
    }
  }
  for (const made of progress.partial.keys()) await complete(context, call, operations[made], made, progress);
  return { status: 200, body: JSON.stringify(bulkResponse(progress.results.filter((result) => result !== undefined))) };
}

/**
 * Runs one operation and records its result. A POST that refers to a resource made later (a circle) is made without that
 * reference for now.
 */
async function runOne(
  context: ScimContext,
  call: ScimCall,
  operation: BulkOperation,
  index: number,
  progress: Progress,
): Promise<void> {
  const { operation: resolved, unresolved } = resolveBulkIdReferences(operation, progress.ids);
  const isCircle = operation.method === 'POST' && unresolved.length > 0 && !operation.error;
  const result = await attempt(context, call, resolved, async () => {
    if (operation.error) throw operation.error;
    if (unresolved.length > 0 && !isCircle) throw unresolvedReference(unresolved);
    return runBulkOperation(context, call, isCircle ? withoutReferences(resolved) : resolved);
  });
  record(progress, operation, index, result);
  if (isCircle && result.status < 400) progress.partial.set(index, new Set(unresolved));
}

/** Puts a resource that was made without some references to what the request says, now that their targets exist. */
async function complete(
  context: ScimContext,
  call: ScimCall,
  operation: BulkOperation | undefined,
  index: number,
  progress: Progress,
): Promise<void> {
  progress.partial.delete(index);
  const id = operation?.bulkId === undefined ? undefined : progress.ids.get(operation.bulkId);
  if (!operation || id === undefined) return;
  const { operation: resolved, unresolved } = resolveBulkIdReferences(operation, progress.ids);
  const result = await attempt(context, call, operation, async () => {
    if (unresolved.length > 0) throw unresolvedReference(unresolved);
    return runBulkOperation(context, call, { ...resolved, method: 'PUT', path: `${operation.path}/${id}` });
  });
  progress.results[index] = { ...result, status: result.status < 400 ? 201 : result.status };
  if (result.status >= 400) progress.failures += 1;
}

async function attempt(
  context: ScimContext,
  { caller }: ScimCall,
  { method, path, bulkId }: BulkOperation,
  run: () => Promise<ScimAnswer>,
): Promise<BulkOperationResult> {
  try {
    const { status, location, etag } = await run();
    return { method, bulkId, status, location, version: etag };
  } catch (error) {
    const { status, scimType, message } = toProblem(error);
    // What concerns every operation alike, such as a revoked token or a lost database, ends the whole request.
    if (status === 401 || status === 403 || (status >= 500 && !(error instanceof ScimError))) throw error;
    const response = toErrorBody({ status, scimType, detail: message });
    // RFC 7644 §3.7.3: only a failed POST has no location.
    const location = method === 'POST' ? undefined : `${context.baseUrl(caller.directoryId)}${path}`;
    return { method, bulkId, status, location, response: { ...response } };
  }
}

function record(progress: Progress, operation: BulkOperation, index: number, result: BulkOperationResult): void {
  progress.results[index] = result;
  if (result.status >= 400) progress.failures += 1;
  const id = result.location?.split('/').at(-1);
  if (operation.method !== 'POST' || operation.bulkId === undefined || id === undefined) return;
  progress.ids.set(operation.bulkId, id);
  for (const missing of progress.partial.values()) missing.delete(operation.bulkId);
}

/** RFC 7644 §3.7.2: 409 for a bulkId that no operation of the request, or a failed one, has. */
function unresolvedReference(bulkIds: readonly string[]): ScimError {
  return new ScimError(
    409,
    'invalidValue',
    `No operation of this request has made the resource of ${bulkIds.map((bulkId) => `bulkId:${bulkId}`).join(', ')}.`,
  );
}
