import type { Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../../src/node/demo/security-headers.js';

/** Writes the content security policy into the pages, for servers that send none. */
export function securityPolicy(): Plugin {
  return {
    name: 'security-policy',
    // Vite's own development server needs inline scripts.
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
