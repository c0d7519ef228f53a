import { transformAsync } from '@babel/core';
import { getConfig } from '@lingui/conf';

const CONFIG = new URL('../../apps/portal/lingui.config.ts', import.meta.url).pathname;

/**
 * Turns the macros by which the portal marks a text as a message into calls that look it up in the reader's language. In a build for production
 * the text itself is left out: it is in the catalogue of English.
 * @returns {import('vite').Plugin}
 */
export function transformMessages() {
  const linguiConfig = getConfig({ configPath: CONFIG });
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
