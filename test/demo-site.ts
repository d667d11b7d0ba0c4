import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { fromRoot } from './web-demo-page.js';

/** Builds the demo's page into a sub-folder of a new folder, as a host may have it. */
export async function buildSite(): Promise<{ folder: string; page: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-site-'));
  const page = join(folder, 'some/where');
  await build({
    configFile: fromRoot('web-demo/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: page, emptyOutDir: true },
  });
  return { folder, page, remove: () => rm(folder, { recursive: true }) };
}

/** Waits until the page's service worker has kept everything. */
export async function waitUntilKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    await new Promise<void>((resolve) => {
      const check = () => active?.state === 'activated' && resolve();
      active?.addEventListener('statechange', check);
      check();
    });
  });
}

/** Compares the bundled digits' logits in the parity panel, and tells what the page found. */
export async function compareInPage(
  page: Page,
): Promise<{ count: number; maxDifference: number; differingLabels: number }> {
  const found = page.evaluate(
    () =>
      new Promise<never>((resolve) => {
        document.addEventListener(
          'mnist-onnx:parity',
          (event) => resolve((event as CustomEvent).detail as never),
          {
            once: true,
          },
        );
      }),
  );
  await page.locator('#parity-run').click();
  return found;
}
