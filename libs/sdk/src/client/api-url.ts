/** Values of a query string: undefined is left out, a list is sent as the same name several times. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * Builds a path of the API: ``apiPath`/organizations/${id}` `` with every value as one encoded segment.
 * @throws TypeError for a value that would change the path: an id comes from somebody's input sooner or later
 */
export function apiPath(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((path, part, index) => `${path}${encodeSegment(values[index - 1])}${part}`);
}

function encodeSegment(value: string | undefined): string {
  if (typeof value !== 'string' || /^\.{0,2}$/.test(value)) {
    throw new TypeError('An id is missing: pass the id as the API answered it.');
  }
  return encodeURIComponent(value);
}

/** The whole address of a path of the API. */
export function apiUrl(baseUrl: string, path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as string[]) : [value]) {
      if (item !== undefined) search.append(name, String(item));
    }
  }
  return `${baseUrl}/api/v1${path}${search.size > 0 ? `?${search.toString()}` : ''}`;
}
