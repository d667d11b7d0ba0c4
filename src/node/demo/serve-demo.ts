import { once } from 'node:events';
import { basename } from 'node:path';
import type { Reporter } from '../reporter.js';
import { resolveModelPath } from '../runtime/open-model.js';
import { demoFiles } from './demo-files.js';
import { openBrowser } from './open-browser.js';
import { LOOPBACK, startServer } from './start-server.js';

export interface ServeDemoOptions {
  /** The ONNX model that the page starts with; by default the one that the other commands take. */
  readonly model?: string | undefined;
  /** The folder of the built page; by default the one that comes with the package. */
  readonly page?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly open: boolean;
  readonly isolate: boolean;
  readonly reporter: Reporter;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is told the page's address, once it is served. */
  readonly onReady: (url: string) => void;
}

/**
 * Serves the demo's page until the signal.
 *
 * @throws UserError if it is not built, the model does not fit, or the port is in use.
 */
export async function serveDemo(options: ServeDemoOptions): Promise<void> {
  const { model, page, host, port, open, isolate, reporter, signal, onReady } = options;
  const { path, isShipped } = resolveModelPath(model);
  const files = await demoFiles({
    folder: page,
    ...(isShipped ? { first: basename(path) } : { model: path }),
  });
  const server = await startServer({ files, host, port, isIsolated: isolate });
  try {
    onReady(server.url);
    reporter.note(`model: ${path}`);
    if (host !== LOOPBACK && host !== 'localhost') {
      reporter.note(`others in your network can open this page too: --host ${host}`);
      if (isolate) reporter.note('browsers heed --isolate on localhost and over HTTPS only');
    }
    if (open && !(await openBrowser(server.url)))
      reporter.note('no browser could be started: open the address');
    reporter.note('Ctrl-C ends it');
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close();
  }
}
