interface CurlRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A POST as a command for a POSIX shell. */
export function toCurl({ url, headers, body }: CurlRequest): string {
  const lines = [
    `curl ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `--data-raw ${quote(body)}`,
  ];
  return lines.join(' \\\n  ');
}

/** Nothing in single quotes means anything to a shell but the quote itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
