const CONFIG = new URL('../../apps/portal/lingui.config.ts', import.meta.url).pathname;

/** Loaded with the first file that needs them: most suites have none. */
async function loadTools() {
  const [{ transformAsync }, { getConfig }] = await Promise.all([import('@babel/core'), import('@lingui/conf')]);
  return { transformAsync, linguiConfig: getConfig({ configPath: CONFIG }) };
}

/**
 * Turns the macros by which the portal marks a text as a message into calls that look it up in the reader's language. In a build for production
 * the text itself is left out: it is in the catalogue of English.
 * @returns {import('vite').Plugin}
 */
export function transformMessages() {
  let tools;
  let isProduction = false;
  return {
    name: 'transform-messages',
    enforce: 'pre',
    configResolved(config) {
      isProduction = config.isProduction;
    },
    transform: {
      filter: { id: /\/apps\/portal\/src\/.*\.tsx?$/, code: /from '@lingui\/(?:core|react)\/macro'/ },
      async handler(code, id) {
        const { transformAsync, linguiConfig } = await (tools ??= loadTools());
        const result = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: id.endsWith('.tsx') ? ['typescript', 'jsx'] : ['typescript'] },
          plugins: [['@lingui/babel-plugin-lingui-macro', { linguiConfig, stripMessageField: isProduction }]],
        });
        return { code: result?.code ?? code, map: result?.map };
      },
    },
  };
}
