import type { ObservedAttribute, ObservedType } from '@rollcall/scim';
import { callForRow } from '@rollcall/database';
import type { FunctionCaller } from '@rollcall/database';
import type { AdmittedCalls } from './admitted-calls';

/** A directory's schemas list so many learned attributes at most. */
export const LEARNED_ATTRIBUTES_MAX = 500;

/** Records what was observed in a directory; `isFull`: it has as many learned attributes as it may have. */
export async function learnAttributes(
  functions: FunctionCaller,
  directoryId: string,
  observed: readonly ObservedAttribute[],
): Promise<{ isFull: boolean }> {
  const values = [directoryId, JSON.stringify(foldAttributes(observed)), LEARNED_ATTRIBUTES_MAX];
  const { is_full: isFull } = await callForRow<{ is_full: boolean }>(functions, 'scim_learn_attributes', values);
  return { isFull };
}

interface LearnedRow {
  resource_type: string;
  schema_key: string;
  path_key: string;
  schema: string;
  path: string;
  types: ObservedType[];
  multi_valued: boolean;
}

/** One row per attribute, whatever the case of its names (RFC 7643 §2.1). */
function foldAttributes(observed: readonly ObservedAttribute[]): LearnedRow[] {
  const rows = new Map<string, LearnedRow>();
  for (const { resourceType, schema, path, types, multiValued } of observed) {
    const [schemaKey, pathKey] = [schema.toLowerCase(), path.toLowerCase()];
    const key = `${resourceType} ${schemaKey} ${pathKey}`;
    const row = rows.get(key);
    rows.set(key, {
      resource_type: resourceType,
      schema_key: schemaKey,
      path_key: pathKey,
      schema: row?.schema ?? schema,
      path: row?.path ?? path,
      types: [...new Set([...(row?.types ?? []), ...types])].toSorted(),
      multi_valued: row?.multi_valued === true || multiValued,
    });
  }
  return [...rows.values()];
}

/** What a caller's directory has learned, in the order in which it did. */
export async function listLearnedAttributes(calls: AdmittedCalls): Promise<ObservedAttribute[]> {
  type Row = { [Key in keyof Omit<LearnedRow, 'schema_key' | 'path_key'>]: LearnedRow[Key] | null };
  const rows = await calls.call<Row>('scim_list_learned_attributes', []);
  return rows.flatMap(({ resource_type: resourceType, schema, path, types, multi_valued: multiValued }) =>
    resourceType === null || schema === null || path === null || types === null
      ? []
      : { resourceType, schema, path, types, multiValued: multiValued === true },
  );
}
