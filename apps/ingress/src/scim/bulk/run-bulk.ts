import { runInSlices } from '@rollcall/platform';
import {
  bulkResponse,
  findBulkIdReferences,
  omitBulkIdReferences,
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

/** A bulk request under way. */
interface BulkRun {
  context: ScimContext;
  call: ScimCall;
  operations: readonly BulkOperation[];
  /** By bulkId, the resources made. */
  ids: Map<string, string>;
  /** The bulkIds of resources that are still to be made. */
  awaited: Set<string>;
  /** By bulkId, the positions of the POST operations that refer to it. */
  referring: Map<string, number[]>;
  /** By position in the request. */
  results: (BulkOperationResult | undefined)[];
  failures: number;
  /** Resources made without some of their references, by position, with the bulkIds that were not known yet. */
  partial: Map<number, Set<string>>;
}

/**
 * POST /Bulk (RFC 7644 §3.7): 200 with the result of each operation, in the order of the request. Operations run one after
 * the other, those that others refer to first; each is durable by itself. After `failOnErrors` failures the rest is left out.
 * An operation that refers to a resource that is not made is answered 409 and leaves none: where two refer to each other and the
 * later fails, the one made before is deleted again.
 */
export async function runBulk(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await call.caller.confirm();
  const { operations, failOnErrors } = parseBulkRequest(call.body);
  const bulkIds = await runInSlices(findAllReferences(operations));
  const run = beginRun(context, call, operations, bulkIds);
  for (const index of orderBulkOperations(operations, bulkIds)) {
    if (failOnErrors !== undefined && run.failures >= failOnErrors) break;
    await runOne(run, index);
    // At once, so that what later operations do to these resources is not undone.
    for (const [made, missing] of run.partial) if (missing.size === 0) await complete(run, made);
  }
  for (const [made, missing] of run.partial) await withdraw(run, made, unresolvedReference([...missing]));
  return { status: 200, body: JSON.stringify(bulkResponse(run.results.filter((result) => result !== undefined))) };
}

function* findAllReferences(operations: readonly BulkOperation[]): Generator<void, string[][]> {
  const bulkIds: string[][] = [];
  for (const operation of operations) {
    bulkIds.push(findBulkIdReferences(operation));
    yield;
  }
  return bulkIds;
}

function beginRun(
  context: ScimContext,
  call: ScimCall,
  operations: readonly BulkOperation[],
  bulkIds: readonly (readonly string[])[],
): BulkRun {
  const awaited = new Set<string>();
  const referring = new Map<string, number[]>();
  for (const [index, operation] of operations.entries()) {
    if (operation.method !== 'POST' || operation.error) continue;
    if (operation.bulkId !== undefined) awaited.add(operation.bulkId);
    for (const bulkId of bulkIds[index] ?? []) {
      const others = referring.get(bulkId);
      if (others) others.push(index);
      else referring.set(bulkId, [index]);
    }
  }
  const [ids, partial] = [new Map<string, string>(), new Map<number, Set<string>>()];
  return { context, call, operations, ids, awaited, referring, results: [], failures: 0, partial };
}

/**
 * Runs one operation and records its result. A POST that refers to a resource made later (a circle) is made without that
 * reference for now.
 */
async function runOne(run: BulkRun, index: number): Promise<void> {
  const { context, call, awaited } = run;
  const operation = run.operations[index];
  if (!operation) return;
  const { operation: resolved, unresolved } = resolveBulkIdReferences(operation, run.ids);
  const isMadeInParts = operation.method === 'POST' && unresolved.every((bulkId) => awaited.has(bulkId));
  const result = await attempt(run, resolved, async () => {
    if (operation.error) throw operation.error;
    if (unresolved.length > 0 && !isMadeInParts) throw unresolvedReference(unresolved);
    return runBulkOperation(context, call, unresolved.length > 0 ? omitBulkIdReferences(resolved) : resolved);
  });
  run.results[index] = result;
  if (result.status >= 400) await fail(run, index);
  else {
    if (unresolved.length > 0) run.partial.set(index, new Set(unresolved));
    remember(run, operation, result);
  }
}

/** What a POST has made can be referred to. */
function remember(run: BulkRun, { method, bulkId }: BulkOperation, { location }: BulkOperationResult): void {
  const id = location?.split('/').at(-1);
  if (method !== 'POST' || bulkId === undefined || id === undefined) return;
  run.ids.set(bulkId, id);
  run.awaited.delete(bulkId);
  for (const missing of run.partial.values()) missing.delete(bulkId);
}

/** Counts a failure, and takes back what was made with a reference to what was not. */
async function fail(run: BulkRun, index: number): Promise<void> {
  run.failures += 1;
  const { method, bulkId, error } = run.operations[index] ?? {};
  if (method !== 'POST' || bulkId === undefined || error) return;
  run.ids.delete(bulkId);
  run.awaited.delete(bulkId);
  for (const other of run.referring.get(bulkId) ?? []) await withdraw(run, other, unresolvedReference([bulkId]));
}

/** Deletes a resource that was made, if it was, and answers its operation with the refusal. */
async function withdraw(run: BulkRun, index: number, refusal: unknown): Promise<void> {
  const operation = run.operations[index];
  const path = operation && pathOfMade(run, operation);
  if (!operation || path === undefined) return;
  run.partial.delete(index);
  await attempt(run, operation, () => runBulkOperation(run.context, run.call, { method: 'DELETE', path }));
  run.results[index] = refuse(run, operation, refusal);
  await fail(run, index);
}

/** Puts a resource that was made without some references to what the request says, now that their targets exist. */
async function complete(run: BulkRun, index: number): Promise<void> {
  const operation = run.operations[index];
  const path = operation && pathOfMade(run, operation);
  if (!operation || path === undefined) return;
  run.partial.delete(index);
  const { operation: resolved } = resolveBulkIdReferences(operation, run.ids);
  try {
    const answer = await runBulkOperation(run.context, run.call, {
      ...resolved,
      method: 'PUT',
      path,
      version: undefined,
    });
    run.results[index] = accept(operation, { ...answer, status: 201 });
  } catch (error) {
    await withdraw(run, index, error);
  }
}

/** The path of the resource that an operation made; undefined when it made none. */
function pathOfMade({ ids }: BulkRun, { path, bulkId }: BulkOperation): string | undefined {
  const id = bulkId === undefined ? undefined : ids.get(bulkId);
  return id === undefined ? undefined : `${path}/${id}`;
}

async function attempt(
  run: BulkRun,
  operation: BulkOperation,
  carryOut: () => Promise<ScimAnswer>,
): Promise<BulkOperationResult> {
  try {
    return accept(operation, await carryOut());
  } catch (error) {
    return refuse(run, operation, error);
  }
}

function accept({ method, bulkId }: BulkOperation, { status, location, etag }: ScimAnswer): BulkOperationResult {
  return { method, bulkId, status, location, version: etag };
}

/** The result of an operation that failed. Throws what concerns every operation alike, such as a revoked token or a lost database. */
function refuse({ context, call }: BulkRun, operation: BulkOperation, error: unknown): BulkOperationResult {
  const { method, path, bulkId } = operation;
  const { status, scimType, message } = toProblem(error);
  if (status === 401 || status === 403 || (status >= 500 && !(error instanceof ScimError))) throw error;
  const response = toErrorBody({ status, scimType, detail: message });
  // RFC 7644 §3.7.3: only a failed POST has no location.
  const location = method === 'POST' ? undefined : `${context.baseUrl(call.caller.directoryId)}${path}`;
  return { method, bulkId, status, location, response: { ...response } };
}

/** RFC 7644 §3.7.2: 409 for a bulkId that no operation of the request, or a failed one, has. */
function unresolvedReference(bulkIds: readonly string[]): ScimError {
  return new ScimError(
    409,
    'invalidValue',
    `No operation of this request has made the resource of ${bulkIds.map((bulkId) => `bulkId:${bulkId}`).join(', ')}.`,
  );
}
