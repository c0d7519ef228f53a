import type { JsonValue, ScimResource } from '../json';
import { withSchemas } from '../resource/list-schemas';
import { assertRequired } from '../resource/assert-required';
import { runAtOnce } from '../run-at-once';
import type { ResourceType } from '../schema/schema';
import { readAttribute } from '../value/read-attribute';
import { jsonEquals } from '../value/json-equals';
import { addValue } from './add-value';
import { changeAttribute, startDraft } from './draft';
import type { Draft } from './draft';
import { flattenOperations } from './flatten-operations';
import type { AttributeOperation } from './flatten-operations';
import type { PatchOperation } from './parse-patch-request';
import { removeValue } from './remove-value';
import { replaceValue } from './replace-value';
import { unwrapList } from './unwrap-list';

export interface PatchOptions {
  /**
   * Refuse a replace or remove whose value path selects nothing, as RFC 7644 §3.5.2.3 and §3.12 say, instead of making the value
   * or leaving it at that.
   */
  strict: boolean;
}

export interface PatchResult {
  /** The same object as before when nothing changed. */
  resource: ScimResource;
  changed: boolean;
  /** Set when the operations set a password, null when they remove it. A password alone is no change of the resource. */
  password?: string | null;
}

/**
 * Applies the operations of a PATCH to a canonical resource (RFC 7644 §3.5.2), all or none: the resource passed in is
 * never changed. `active` keeps its value when it is unassigned: nobody gets access back by that. A group's members are not part of
 * the resource; `planGroupPatch` takes their operations out first.
 * @throws ScimError 400 with the RFC's scimType, 413 for too many changes.
 */
export function applyPatch(
  resource: ScimResource,
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
  options: PatchOptions,
): PatchResult {
  return runAtOnce(applyPatchInSteps(resource, operations, resourceType, options));
}

/** The same, for a caller that lets others go on between the steps. */
export function* applyPatchInSteps(
  resource: ScimResource,
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
  { strict }: PatchOptions,
): Generator<void, PatchResult> {
  const draft = startDraft(resource);
  let password: string | null | undefined;
  for (const operation of yield* flattenOperations(operations, resourceType)) {
    yield;
    if (operation.target.path.definition?.mutability === 'writeOnly') password = readPassword(operation, password);
    else applyOperation(draft, operation, strict);
  }
  return { ...finish(draft, resourceType), ...(password === undefined ? {} : { password }) };
}

/** Write-only attributes other than `password` are checked and dropped. */
function readPassword(operation: AttributeOperation, earlier: string | null | undefined): string | null | undefined {
  const { definition } = operation.target.path;
  if (definition === undefined) return earlier;
  const value =
    operation.op === 'remove' ? undefined : readAttribute(definition, unwrapList(definition, operation.value ?? null));
  if (definition.name !== 'password') return earlier;
  return typeof value === 'string' ? value : operation.op === 'add' ? earlier : null;
}

function applyOperation(draft: Draft, operation: AttributeOperation, strict: boolean): void {
  const { op, target, value = null } = operation;
  changeAttribute(draft, operation, (current, path): JsonValue | undefined => {
    const grounded = { path, filter: target.filter };
    if (op === 'add') return addValue(current, grounded, value);
    if (op === 'replace') return replaceValue(current, grounded, value, strict);
    return removeValue(current, grounded, operation.value, strict);
  });
}

function finish(draft: Draft, resourceType: ResourceType): { resource: ScimResource; changed: boolean } {
  const { original } = draft;
  if (draft.resource === original) return { resource: original, changed: false };
  const resource = withSchemas(draft.resource, resourceType);
  assertRequired(resource, resourceType);
  return jsonEquals(original, resource) ? { resource: original, changed: false } : { resource, changed: true };
}
