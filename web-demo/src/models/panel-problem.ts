import { messageOf, UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import { create } from '../views/dom.js';

/** Says in a panel what went wrong there, and what to do; `undefined` takes it away. */
export function showPanelProblem(panel: HTMLElement, error: unknown): void {
  panel.querySelector('.problem')?.remove();
  if (error === undefined) return;
  const isExpected = error instanceof UserError;
  const message = isExpected ? error.message : texts.errors.failed(messageOf(error));
  const hint = isExpected && error.hint ? [create('p', 'hint', error.hint)] : [];
  const box = create('div', 'problem', create('p', '', message), ...hint);
  box.role = 'alert';
  panel.append(box);
}
