import type { SheetHistory } from '../drawing/history.js';
import { byId } from '../views/dom.js';

interface StepEvents {
  /** Called before a step: what is not on the sheet yet belongs there now. */
  readonly onStep: () => void;
  readonly onChange: () => void;
}

/**
 * Undo, redo and clear, by button and by keyboard.
 *
 * @returns `show`, which enables the buttons that can do something
 */
export function watchSteps(history: SheetHistory, { onStep, onChange }: StepEvents): { show(): void } {
  const buttons = {
    undo: byId<HTMLButtonElement>('undo'),
    redo: byId<HTMLButtonElement>('redo'),
    clear: byId<HTMLButtonElement>('clear'),
  };
  const step = (name: keyof typeof buttons) => {
    onStep();
    history[name]();
    onChange();
  };
  for (const name of ['undo', 'redo', 'clear'] as const) {
    buttons[name].addEventListener('click', () => step(name));
  }
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    // The sheet lies behind an open dialog.
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  });
  return {
    show() {
      enable(buttons.undo, history.canUndo);
      enable(buttons.redo, history.canRedo);
      enable(buttons.clear, !history.isEmpty);
    },
  };
}

/** The keyboard goes on from the sheet, not from the page's beginning, where its button can do nothing more. */
function enable(button: HTMLButtonElement, isEnabled: boolean): void {
  if (!isEnabled && document.activeElement === button) byId('easel').focus();
  button.disabled = !isEnabled;
}

/** Text fields have an undo of their own. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type]), input[type="text"], textarea');
}
