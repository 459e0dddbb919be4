// Owns how the page is built: small files under one strict Content-Security-Policy (nothing inline, no HTML strings).
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** Vue writes long static parts of a template through innerHTML, which Trusted Types refuse: so none are hoisted. */
export const vuePlugin = () => vue({ template: { compilerOptions: { hoistStatic: false } } })

export const vueFlags = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
}

// Vue makes a Trusted Types policy when it loads, for the innerHTML that we never use; our CSP refuses and reports it.
// Only in the built page: in development vite assigns each defined name, and this one cannot be assigned.
const withoutTrustedTypes = { 'window.trustedTypes': 'undefined' }

export default defineConfig(({ command }) => ({
  root: 'src/web',
  plugins: [vuePlugin()],
  define: command === 'build' ? { ...vueFlags, ...withoutTrustedTypes } : vueFlags,
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // `data:` addresses and inline scripts would need exceptions in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of what is bundled must travel with it.
    license: { fileName: 'licenses.md' },
    // They would carry the paths of this machine.
    sourcemap: false,
  },
}))
