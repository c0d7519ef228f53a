import { ProvisioningError, type ScimAnswer } from '../send-scim';
import { PATCH_OP, type Send } from './dialect';

type Resource = Record<string, unknown>;

/** A filter literal: a JSON string (RFC 7644 section 3.4.2.2). */
export function literal(value: string): string {
  return JSON.stringify(value);
}

/**
 * Sends a query and reads the ListResponse as strictly as the providers do: 200, and totals are integers.
 * @throws ProvisioningError when the answer is no ListResponse
 */
export async function query(
  send: Send,
  path: string,
): Promise<{ total: number; resources: Resource[]; nextCursor?: string }> {
  const answer = await send('GET', path);
  const { totalResults, Resources, nextCursor } = answer.body;
  const request = { method: 'GET', path };
  if (answer.status !== 200)
    throw new ProvisioningError(request, answer.status, 'a query must be answered with 200 and a ListResponse');
  if (!Number.isInteger(totalResults)) throw new ProvisioningError(request, 200, 'totalResults is not an integer');
  return {
    total: totalResults as number,
    resources: (Resources ?? []) as Resource[],
    ...(typeof nextCursor === 'string' ? { nextCursor } : {}),
  };
}

/** @returns the first resource that a query finds, null when there is none */
export async function findFirst(send: Send, path: string): Promise<(Resource & { id: string }) | null> {
  const { total, resources } = await query(send, path);
  return total === 0 ? null : { ...resources[0], id: String(resources[0]?.id) };
}

/** @returns the id of the new resource @throws ProvisioningError when the answer has none */
export async function create(send: Send, path: string, body: Resource): Promise<string> {
  const answer = await send('POST', path, body);
  const { id } = answer.body;
  if (typeof id === 'string' && id !== '') return id;
  const what = path === '/Groups' ? 'group' : 'user';
  throw new ProvisioningError({ method: 'POST', path }, answer.status, `Create new ${what} returned empty ${what}`);
}

/** @returns the representation @throws ProvisioningError when it is gone, as the three functions below do */
export async function fetchResource(send: Send, path: string): Promise<Resource> {
  return requireFound('GET', path, await send('GET', path)).body;
}

/** Replaces the resource at a path. */
export async function put(send: Send, path: string, body: Resource): Promise<void> {
  requireFound('PUT', path, await send('PUT', path, body));
}

/** Changes the resource at a path by the operations of one PatchOp message. */
export async function patch(send: Send, path: string, operations: unknown[]): Promise<void> {
  requireFound('PATCH', path, await send('PATCH', path, { schemas: [PATCH_OP], Operations: operations }));
}

/** Deletes the resource at a path. */
export async function remove(send: Send, path: string): Promise<void> {
  requireFound('DELETE', path, await send('DELETE', path));
}

/** @returns the answer @throws ProvisioningError when it is 404 */
export function requireFound(method: string, path: string, answer: ScimAnswer): ScimAnswer {
  if (answer.status !== 404) return answer;
  const { detail } = answer.body;
  throw new ProvisioningError({ method, path }, 404, typeof detail === 'string' ? detail : 'not found');
}
