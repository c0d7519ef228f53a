import type { AuditChanges } from '@rollcall/contract';

/** Characters of one value as JSON, and of all changes of an entry. */
const VALUE_MAX = 2_000;
const CHANGES_MAX = 16_000;
const NAME_MAX = 200;

/**
 * What is kept of the changes of an entry: a value that is long is cut to a text that ends with an ellipsis, and what then still
 * does not fit is left out, which `more_fields` says. So an entry is small however much a request changed.
 */
export function boundChanges(changes: AuditChanges): AuditChanges {
  const kept: Record<string, { from: unknown; to: unknown }> = {};
  let size = 0;
  let left = 0;
  for (const [field, { from, to }] of Object.entries(changes)) {
    const change = { from: boundValue(from), to: boundValue(to) };
    const added = field.length + JSON.stringify(change).length;
    if (size + added > CHANGES_MAX) left += 1;
    else {
      kept[field] = change;
      size += added;
    }
  }
  return left === 0 ? kept : { ...kept, more_fields: { from: null, to: left } };
}

/** What is kept of a name. */
export function boundName(name: string | null): string | null {
  return name === null ? null : cut(name, NAME_MAX);
}

function boundValue(value: unknown): unknown {
  const text = JSON.stringify(value ?? null);
  if (text.length <= VALUE_MAX) return value ?? null;
  return cut(typeof value === 'string' ? value : text, VALUE_MAX);
}

/** No half of a surrogate pair is left at the end: PostgreSQL stores none. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
