import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'error',
  clearScreen: false,
  // An inlined file would need a wider policy (public/_headers).
  build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 600 },
});
