import { UserError } from '../../src/core/errors.js';
import { texts } from './texts.js';

/**
 * Loads a part of the page's code that not every visit needs.
 *
 * @param load imports it, as `() => import('./part.js')`
 * @throws UserError if it is not there, as after an update of a page that stayed open.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UserError(texts.errors.noPart, { hint: texts.errors.noPartHint, cause });
  }
}
