import { messageOf } from '../../../core/errors.js';

const TIMEOUT_MS = 6_000;

/**
 * Asks for the head of a file, so that a blocked host costs seconds and not an installer's patience.
 *
 * @throws Error with one line on what the host answers.
 */
export async function probeUrl(url: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  // `fetch` knows no proxies, and the installer does: behind one only the attempt tells.
  if (env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy) return;
  const { host } = new URL(url);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) throw new Error(`${host} answers with status ${response.status}`);
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new Error(`${host} does not answer within ${TIMEOUT_MS / 1000} s`);
    const { cause } = error as { cause?: unknown };
    throw cause ? new Error(`${host} cannot be reached: ${messageOf(cause)}`) : error;
  }
}
