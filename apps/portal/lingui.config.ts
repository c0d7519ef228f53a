import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** The features whose texts are messages. The others are of the dashboard alone, which is in English. */
const FEATURES = [
  'contacts',
  'directories',
  'explain',
  'groups',
  'hand-over',
  'health',
  'held',
  'language',
  'mapping',
  'requests',
  'secrets',
  'session',
  'setup-guide',
  'users',
];

/** One of each provider is loaded. */
const GUIDES = '<rootDir>/src/features/setup-guide/guides';

/** Which texts are in which catalogue: one for each feature, so that several may be translated at a time. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'de', 'fr', 'es', 'ja'],
  orderBy: 'message',
  // Without the numbers of lines a text that moves changes nothing in its catalogues.
  format: formatter({ lineNumbers: false }),
  catalogs: [
    { path: '<rootDir>/src/locales/{locale}/app', include: ['<rootDir>/src/app'] },
    { path: '<rootDir>/src/locales/{locale}/shared', include: ['<rootDir>/src/shared'] },
    { path: '<rootDir>/src/locales/{locale}/guides', include: [GUIDES] },
    ...FEATURES.map((name) => ({
      path: `<rootDir>/src/locales/{locale}/${name}`,
      include: [`<rootDir>/src/features/${name}`],
      exclude: [`${GUIDES}/**`],
    })),
  ],
});
