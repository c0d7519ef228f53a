import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/**
 * The requirements of RFC 7642, 7643, 7644, 9865 and what came after them, numbered 1 to 126. A requirement that is met has a
 * test whose name begins with its number; one that is not is named here with the reason.
 */
const LAST = 126;
const DECLINED: Record<number, string> = {
  33: 'TLS 1.2 (RFC 7644 §7.2) is the proxy’s in front of the ingress, which listens on a private address.',
  40: 'Authentication schemes without authentication (RFC 7643 §5, a SHOULD): the token is checked first everywhere, so that nobody learns which directories exist.',
  123: 'Security Event Tokens (RFC 9967): changes leave as signed webhooks and by the event feed; requests are never answered later.',
  124: 'The device schema (RFC 9944): directories hold users and groups; device attributes that arrive are kept as an extension.',
  125: 'Drafts (roles and entitlements, delta query, paged members, agents) may change until they are RFCs.',
};

const folder = new URL('./', import.meta.url);
const suites = readdirSync(folder).filter((name) => name.endsWith('.int.test.ts'));
const tested = suites.flatMap((name) =>
  [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^\s*it\(\s*'(\d+) /gm)].map(([, number]) => Number(number)),
);

it('tests or declines every requirement, each once', () => {
  const declined = Object.keys(DECLINED).map(Number);
  const expected = Array.from({ length: LAST }, (_, index) => index + 1);
  expect([...tested, ...declined].toSorted((a, b) => a - b)).toEqual(expected);
});

it('gives a reason for each that is declined', () => {
  for (const reason of Object.values(DECLINED)) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
});
