import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the documentation. What it is made of is TypeScript, and the guides of the portal are components: both are loaded as the portal is.
 * @param {string} folder where the files go; it is emptied first
 */
async function build(folder) {
  const server = await createServer({
    root: `${ROOT}apps/portal`,
    configFile: `${ROOT}apps/portal/vite.config.ts`,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { buildSite } = await server.ssrLoadModule(`${ROOT}apps/docs/src/build-site.ts`);
    const { GUIDES } = await server.ssrLoadModule('/src/features/setup-guide/guides/load-guide.ts');
    const pages = await buildSite({ root: ROOT, folder, loadGuide: (provider) => GUIDES[provider]() });
    console.log(`${pages} pages of documentation in ${folder}`);
  } finally {
    await server.close();
  }
}

// For production the portal's texts are left out of its code.
process.env.NODE_ENV = 'development';

await build(process.argv[2] ?? join(ROOT, 'dist/apps/docs'));
