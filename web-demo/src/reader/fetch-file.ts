import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';

const { errors } = texts;

/**
 * Fetches a file whole.
 *
 * @param what the file's part in the page, for the message
 * @throws UserError with the address if it cannot be reached, is not there, or a web page came instead.
 */
export async function fetchFile(url: string, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, what);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (isWebPage(response, bytes)) throw webPage(url, what);
  return bytes;
}

/** Why a file that something else failed to load is missing; `undefined` where it is there. */
export async function explainMissing(url: string, what: string): Promise<UserError | undefined> {
  try {
    const response = await request(url, what);
    const reader = response.body?.getReader();
    const start = (await reader?.read())?.value ?? new Uint8Array();
    await reader?.cancel();
    return isWebPage(response, start) ? webPage(url, what) : undefined;
  } catch (error) {
    return error instanceof UserError ? error : undefined;
  }
}

async function request(url: string, what: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new UserError(errors.unreachable(what, url), { hint: errors.checkConnection, cause });
  }
  if (!response.ok) {
    throw new UserError(errors.status(what, url, response.status), { hint: errors.checkServer });
  }
  return response;
}

/** Servers of single-page apps answer every address with the page, and status 200. */
function isWebPage(response: Response, bytes: Uint8Array): boolean {
  const isHtml = response.headers.get('content-type')?.includes('text/html') ?? false;
  return isHtml || bytes[0] === '<'.charCodeAt(0);
}

function webPage(url: string, what: string): UserError {
  return new UserError(errors.webPage(what, url), { hint: errors.checkServer });
}
