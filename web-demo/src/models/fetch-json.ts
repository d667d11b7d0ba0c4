import { UserError } from '../../../src/core/errors.js';
import { fetchFile } from '../reader/fetch-file.js';
import { texts } from '../texts.js';

/** An address relative to the page, whole. */
export const fromPage = (address: string): string => new URL(address, document.baseURI).href;

/**
 * Fetches a file that the build put beside the page.
 *
 * @param what the file's part in the page, for the message
 * @throws UserError with the address if it is not there or damaged.
 */
export async function fetchJson<T>(address: string, what: string): Promise<T> {
  const url = fromPage(address);
  const bytes = await fetchFile(url, what);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new UserError(texts.errors.damaged(what, url), { hint: texts.errors.checkServer, cause });
  }
}
