import { PROVIDERS } from '@rollcall/contract';
import type { ProviderId } from '@rollcall/contract';

/** The last part of the address of a provider's guide. */
export const GUIDE_SLUGS: Record<ProviderId, string> = {
  OKTA: 'okta',
  MICROSOFT_AD: 'entra',
  ONELOGIN: 'onelogin',
  JUMPCLOUD: 'jumpcloud',
  PING_IDENTITY: 'ping',
  RIPPLING: 'rippling',
  CUSTOM: 'custom',
};

/** Some pages that belong together, in the order in which they are read. */
export interface Section {
  readonly title: string;
  /** Addresses below `/docs/`; the start page has none. */
  readonly pages: readonly string[];
}

/** Every page, as the menu has them. A page that is not named here is not built, and one that is named must be there. */
export const SECTIONS: readonly Section[] = [
  { title: 'Start', pages: ['', 'quickstart'] },
  {
    title: 'Concepts',
    pages: [
      'concepts/tenancy',
      'concepts/events',
      'concepts/ordering',
      'concepts/delivery',
      'concepts/snapshots',
      'concepts/deprovisioning-guard',
    ],
  },
  {
    title: 'Recipes',
    pages: [
      'recipes/express',
      'recipes/nextjs',
      'recipes/nestjs',
      'recipes/authjs',
      'recipes/better-auth',
      'recipes/supertokens',
    ],
  },
  { title: 'Identity providers', pages: PROVIDERS.map(({ id }) => `providers/${GUIDE_SLUGS[id]}`) },
  { title: 'Migrate', pages: ['migrate/scalekit', 'migrate/workos', 'migrate/polis'] },
  { title: 'Errors', pages: ['errors', 'errors/scim'] },
];
