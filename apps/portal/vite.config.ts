import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompressAssets } from './precompress-assets';
import { transformMessages } from '../../infra/build/transform-messages.js';

const LINGUI_CONFIG = new URL('lingui.config.ts', import.meta.url).pathname;

export default defineConfig({
  base: '/',
  plugins: [
    transformMessages(),
    react(),
    lingui({ configPath: LINGUI_CONFIG, failOnMissing: true, failOnCompileError: true }),
    precompressAssets(),
  ],
  resolve: { tsconfigPaths: true },
  build: {
    outDir: '../../dist/apps/portal',
    emptyOutDir: true,
    // Everything is a file of its own: the content security policy then needs neither data: nor 'unsafe-inline'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The portal, the dashboard, and how the pages look that the ingress makes itself.
    rolldownOptions: {
      input: ['index.html', 'dashboard.html', 'message.html'].map((page) => new URL(page, import.meta.url).pathname),
    },
  },
  server: {
    proxy: {
      '/portal/api': 'http://127.0.0.1:4000',
      '/dashboard/api': 'http://127.0.0.1:4000',
      '/api': 'http://127.0.0.1:4000',
    },
  },
});
