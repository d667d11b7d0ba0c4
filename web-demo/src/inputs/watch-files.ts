import { texts } from '../texts.js';
import { isPicture } from './open-picture.js';

interface FileInputs {
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;
  /** Shown while a file is dragged over the page. */
  readonly dropHint: HTMLElement;
  /** Called with the one of `count` files that is read. */
  readonly onFile: (file: File, name: string, count: number) => void;
  /** Takes dropped files that are a model; returns whether they are. */
  readonly onModel: (files: readonly File[]) => boolean;
  /** Called where something was dropped that is no file. */
  readonly onNoFile: () => void;
}

/** Takes picture files that are chosen, dropped anywhere on the page, or pasted. */
export function watchFiles(inputs: FileInputs): void {
  watchChooser(inputs);
  watchDrops(inputs);
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const file = pictureAmong(files);
    if (file) inputs.onFile(file, texts.errors.pasted, files.length);
  });
}

function watchChooser({ button, input, onFile }: FileInputs): void {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file, file.name, 1);
    // Else choosing the same file again would change nothing.
    input.value = '';
  });
}

function watchDrops({ dropHint, onFile, onModel, onNoFile }: FileInputs): void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const show = (isShown: boolean) => dropHint.classList.toggle('shown', isShown);
  // Without this the browser leaves the page to show the file.
  window.addEventListener('dragover', (event) => {
    event.preventDefault();
    show(hasFiles(event));
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) show(false);
  });
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    show(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (onModel(files)) return;
    const file = pictureAmong(files);
    if (file) onFile(file, file.name, files.length);
    else onNoFile();
  });
}

function pictureAmong(files: readonly File[]): File | undefined {
  return files.find(isPicture) ?? files[0];
}
