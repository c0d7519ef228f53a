/** Entries of such a header that are read; a client that means it lists fewer. */
const MOST = 20;

/**
 * What a header such as Accept or Accept-Encoding prefers (RFC 9110 §12.4.2): each name in lower case with its weight, 0 for what is
 * refused. A weight that cannot be read counts as refused: what is left out by mistake costs bytes at most.
 */
export function readPreferences(header = ''): Map<string, number> {
  const preferences = new Map<string, number>();
  for (const entry of header.split(',', MOST)) {
    const [name = '', ...parameters] = entry.split(';', MOST).map((part) => part.trim().toLowerCase());
    if (name !== '') preferences.set(name, readWeight(parameters));
  }
  return preferences;
}

function readWeight(parameters: string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2).map((part) => part.trim());
    if (name === 'q') return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0;
  }
  return 1;
}
