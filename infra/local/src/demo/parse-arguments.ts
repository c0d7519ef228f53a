import { parseArgs } from 'node:util';
import type { DialectName } from '@rollcall/idp-simulator';
import type { DirectoryProvider } from '@rollcall/sdk';

/** The identity providers that the demo can simulate, and the provider each one is at the management API. */
export const DEMO_PROVIDERS = {
  okta: 'OKTA',
  'okta-custom': 'OKTA',
  entra: 'MICROSOFT_AD',
  'entra-flag': 'MICROSOFT_AD',
  jumpcloud: 'JUMPCLOUD',
  onelogin: 'ONELOGIN',
  generic: 'CUSTOM',
} as const satisfies Record<DialectName, DirectoryProvider>;

export interface DemoArguments {
  /** Exit after verification instead of staying open. */
  once: boolean;
  /** Keep the data of the last run. */
  keep: boolean;
  /** In the order in which they are played. */
  idps: readonly DialectName[];
  people: number;
  help: boolean;
}

export const DEMO_HELP = `Usage: npm run demo -- [options]

Starts Rollcall on a database of its own, lets a simulated identity provider
provision a directory over HTTP, and shows the signed events arriving at a
sample app. Keeps running, with the portal open to look at, until Ctrl-C.

  --once           run as fast as it goes, verify, exit 0 (or 1, saying what was missing)
  --idp <name>     ${Object.keys(DEMO_PROVIDERS).join(', ')},
                   or all, one after the other (default okta)
  --people <n>     how many people work at the simulated company, 4 to 5000 (default 12)
  --keep           keep the data of the last run in .rollcall-demo instead of starting afresh
  --help           show this text
`;

/**
 * Reads the demo's command line.
 * @throws Error with one sentence for an unknown option or a value out of range
 */
export function parseArguments(argv: string[]): DemoArguments {
  const { values } = parseArgs({
    args: argv,
    options: {
      once: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      idp: { type: 'string', default: 'okta' },
      people: { type: 'string', default: '12' },
      help: { type: 'boolean', default: false },
    },
  });
  const people = Number(values.people);
  if (!Number.isInteger(people) || people < 4 || people > 5_000) {
    throw new Error(`--people must be a whole number from 4 to 5000, not "${values.people}".`);
  }
  return { once: values.once, keep: values.keep, idps: readProviders(values.idp), people, help: values.help };
}

function readProviders(name: string): DialectName[] {
  if (isProvider(name)) return [name];
  const all = Object.keys(DEMO_PROVIDERS).filter(isProvider);
  if (name === 'all') return all;
  throw new Error(`--idp must be one of ${all.join(', ')} or all, not "${name}".`);
}

function isProvider(name: string): name is DialectName {
  return Object.hasOwn(DEMO_PROVIDERS, name);
}
