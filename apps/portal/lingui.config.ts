import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';
import { DEFAULT_LANGUAGE, LANGUAGES } from './src/shared/language/languages';
import { isLater } from './src/shared/language/later-catalogues';

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

const pathOf = (catalogue: string) =>
  `<rootDir>/src/locales/{locale}/${isLater(catalogue) ? 'later/' : ''}${catalogue}`;

/** Which texts are in which catalogue: one for each feature, so that several may be translated at a time. */
export default defineConfig({
  sourceLocale: DEFAULT_LANGUAGE,
  locales: Object.keys(LANGUAGES),
  orderBy: 'message',
  // Without the numbers of lines a text that moves changes nothing in its catalogues.
  format: formatter({ lineNumbers: false }),
  catalogs: [
    { path: pathOf('app'), include: ['<rootDir>/src/app'] },
    { path: pathOf('shared'), include: ['<rootDir>/src/shared'] },
    { path: pathOf('guides'), include: [GUIDES] },
    ...FEATURES.map((name) => ({
      path: pathOf(name),
      include: [`<rootDir>/src/features/${name}`],
      exclude: [`${GUIDES}/**`],
    })),
  ],
});
