import { texts } from '../texts.js';

interface FileInputs {
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;
  /** Shown while a file is dragged over the page. */
  readonly dropHint: HTMLElement;
  readonly onFile: (file: File, name: string) => void;
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
    const file = pictureAmong(event.clipboardData?.files);
    if (file) inputs.onFile(file, texts.errors.pasted);
  });
}

function watchChooser({ button, input, onFile }: FileInputs): void {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file, file.name);
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
    if (onModel([...(event.dataTransfer?.files ?? [])])) return;
    const file = pictureAmong(event.dataTransfer?.files);
    if (file) onFile(file, file.name);
    else onNoFile();
  });
}

function pictureAmong(files: FileList | undefined): File | undefined {
  const all = Array.from(files ?? []);
  return all.find(({ type }) => type.startsWith('image/')) ?? all[0];
}
