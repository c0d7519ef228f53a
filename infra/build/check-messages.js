import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { listUnmarkedTexts } from './find-unmarked-texts.js';

/**
 * @typedef {Record<string, { message?: string, context?: string, translation?: string, obsolete?: boolean }>} Messages  by id
 * @typedef {{ path: string, sources: Messages, locales: Record<string, Messages> }} Catalogue  what the code holds, and what is written for each language
 */

/**
 * Checks that the catalogues hold what the code does: each message in each language, none that is gone, and the same message alike in all of them.
 * @param {Catalogue[]} catalogues
 * @param {string} sourceLocale the language of the code
 * @returns {string[]} what is wrong and what to do; empty when nothing is
 */
export function checkMessages(catalogues, sourceLocale) {
  const seen = new Map();
  return catalogues.flatMap(({ path, sources, locales }) =>
    Object.entries(locales).flatMap(([locale, written]) => {
      const file = path.replace('{locale}', locale);
      const problems = compare(file, sources, written, locale === sourceLocale);
      for (const [id, { message, translation }] of Object.entries(written)) {
        const key = `${locale} ${id}`;
        const other = seen.get(key);
        if (other === undefined) seen.set(key, { file, translation });
        else if (other.translation !== translation)
          problems.push(
            `${file}: ${quote(message)} is translated otherwise than in ${other.file}: write the same, or give the message a context`,
          );
      }
      return problems;
    }),
  );
}

function compare(file, sources, written, isSource) {
  const problems = [];
  for (const [id, source] of Object.entries(sources)) {
    const entry = written[id];
    if (entry === undefined || entry.obsolete)
      problems.push(`${file}: ${quote(source.message)} is not in it: run "npm run messages"`);
    else if (!isSource && !entry.translation)
      problems.push(`${file}: ${quote(source.message)} has no translation: write one`);
    else if (!isSource) {
      problems.push(...compareParts(file, source.message ?? '', entry.translation));
      if (isFrench(file) && / [:;?!»]|« /.test(entry.translation))
        problems.push(
          `${file}: ${quote(entry.translation)} could be broken before a sign: have a no-break space (U+00A0) there`,
        );
    }
  }
  for (const [id, { message }] of Object.entries(written)) {
    if (!(id in sources)) problems.push(`${file}: ${quote(message)} is in no code any more: run "npm run messages"`);
  }
  return problems;
}

function isFrench(file) {
  return /(?:^|\/)fr\//.test(file);
}

/** What a translation has to have as the message has it: its placeholders and elements, each as often as it likes. */
function compareParts(file, message, translation) {
  const [wanted, found] = [partsOf(message), partsOf(translation)];
  const missing = [...wanted].filter((part) => !found.has(part));
  const foreign = [...found].filter((part) => !wanted.has(part));
  if (missing.length === 0 && foreign.length === 0) return [];
  const what = [
    ...missing.map((part) => `lacks ${part}`),
    ...foreign.map((part) => `has ${part}, which is not in the message`),
  ];
  return [`${file}: the translation of ${quote(message)} ${what.join(' and ')}`];
}

/** The placeholders and elements of a message, through all its forms. */
function partsOf(text) {
  return new Set(compileMessage(text).flatMap(partsOfToken));
}

function partsOfToken(token) {
  if (typeof token === 'string') return [...token.matchAll(/<\/?(\d+)\/?>/g)].map(([, element]) => `<${element}>`);
  const [name, , forms] = token;
  // Of a placeholder that is formatted it is a text, of a plural also holds what is subtracted from it.
  const within = typeof forms === 'object' && forms !== null ? Object.values(forms) : [];
  return [
    `{${name}}`,
    ...within.flatMap((form) => (Array.isArray(form) ? form : [form]).filter(isPart).flatMap(partsOfToken)),
  ];
}

function isPart(token) {
  return typeof token === 'string' || Array.isArray(token);
}

function quote(message = '') {
  return `"${message.length > 60 ? `${message.slice(0, 59)}…` : message}"`;
}

/** Reads the code and the catalogues of the portal. @returns {Promise<Catalogue[]>} */
async function readCatalogues(config) {
  const catalogues = await getCatalogs(config);
  return Promise.all(
    catalogues.map(async (catalogue) => ({
      path: `${relative(config.rootDir, catalogue.path)}.po`,
      sources: (await catalogue.collect()) ?? {},
      locales: await catalogue.readAll(),
    })),
  );
}

async function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const config = getConfig({ configPath: join(root, 'apps/portal/lingui.config.ts') });
  const catalogues = await readCatalogues(config);
  const folders = config.catalogs.flatMap(({ include }) => include).map((path) => relative(config.rootDir, path));
  const problems = [
    ...checkMessages(catalogues, config.sourceLocale),
    ...listUnmarkedTexts(config.rootDir, folders).map(
      ({ path, line, text }) => `${path}:${line}: ${quote(text)} is no message: mark it with Trans, t or msg`,
    ),
  ];
  for (const problem of problems) console.error(`apps/portal/${problem}`);
  const count = catalogues.reduce((sum, { sources }) => sum + Object.keys(sources).length, 0);
  if (problems.length === 0) console.log(`messages: ${count} in ${config.locales.length} languages`);
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
