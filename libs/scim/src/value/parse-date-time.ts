const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Reads an xsd:dateTime (RFC 7643 §2.3.5) as milliseconds since 1970; one without time zone counts as UTC.
 * Undefined for anything else, days that do not exist included.
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const time = Date.parse(match[2] === undefined ? `${text}Z` : text.toUpperCase());
  return Number.isNaN(time) || !dayExists(text) ? undefined : time;
}

/** Date.parse rolls 30 February over into March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}
