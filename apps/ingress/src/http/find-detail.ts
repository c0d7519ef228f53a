/** A detail of SCIM's errors as the documentation has it: what stands between the values that it is given while running. */
export interface ExplainedDetail {
  readonly parts: readonly string[];
  readonly anchor: string;
}

/** The anchor at which the documentation explains a detail; undefined for one that it does not know. The first that fits is taken. */
export function findDetail(details: readonly ExplainedDetail[], detail: string): string | undefined {
  return details.find(({ parts }) => fits(parts, detail))?.anchor;
}

function fits(parts: readonly string[], detail: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return detail === first;
  if (!detail.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = detail.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return detail.length - last.length >= at && detail.endsWith(last);
}
