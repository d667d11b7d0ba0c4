import type { Plugin } from 'vite';
import { texts } from '../src/texts.js';

/** Puts the texts in place of `{{name}}` in the page, so that all of them stand in one file. */
export function pageTexts(): Plugin {
  return {
    name: 'page-texts',
    transformIndexHtml(html) {
      const page = html.replace('lang="en"', `lang="${texts.language}"`);
      return page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
        const text = (texts.page as Record<string, string>)[name];
        if (text === undefined) throw new Error(`texts.ts has no page text "${name}"`);
        return escapeHtml(text);
      });
    },
  };
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
