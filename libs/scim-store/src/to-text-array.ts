/**
 * Values as a parameter of type text[]. PostgreSQL's own notation is made at once where JSON's is the same, which it is unless a
 * value has something to escape: element by element, as pg does it, a hundred thousand hold the event loop several times as long.
 */
export function toTextArray(values: readonly string[]): string | readonly string[] {
  const json = JSON.stringify(values);
  return json.includes('\\') ? values : `{${json.slice(1, -1)}}`;
}
