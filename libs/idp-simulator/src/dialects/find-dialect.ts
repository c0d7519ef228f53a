import type { Dialect } from './dialect';
import { entra } from './entra';
import { generic } from './generic';
import { jumpCloud } from './jumpcloud';
import { oktaCatalogue, oktaCustom, type OktaOptions } from './okta';
import { oneLogin } from './onelogin';

const DIALECTS = {
  okta: (options) => oktaCatalogue(options),
  'okta-custom': (options) => oktaCustom(options),
  entra: ({ app }) => entra({ app }),
  'entra-flag': ({ app }) => entra({ app, flag: true }),
  jumpcloud: ({ app }) => jumpCloud({ app }),
  onelogin: () => oneLogin(),
  generic: ({ app }) => generic({ app }),
} satisfies Record<string, (options: OktaOptions) => Dialect>;

export type DialectName = keyof typeof DIALECTS;

/** The names a simulated provider can be asked for. */
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** @returns the dialect of that name, ready to use */
export function findDialect(name: DialectName, options: OktaOptions = {}): Dialect {
  return DIALECTS[name](options);
}
