import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import { convertFiles, type NamedModel } from './convert-files.js';

const input = document.querySelector<HTMLInputElement>('#files')!;
const target = document.querySelector<HTMLElement>('#drop-here')!;
const result = document.querySelector<HTMLElement>('#result')!;
let address = '';
let lastTurn = 0;

// Else choosing the same files again would change nothing.
input.addEventListener('click', () => {
  input.value = '';
});
input.addEventListener('change', () => convert([...input.files!]));
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  target.classList.add('over');
});
document.addEventListener('dragleave', () => target.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  target.classList.remove('over');
  convert([...event.dataTransfer!.files]);
});

async function convert(files: readonly File[]): Promise<void> {
  // Text was dropped, or nothing chosen: the last result stays.
  if (files.length === 0) return;
  const turn = ++lastTurn;
  try {
    const model = await convertFiles(files);
    if (turn === lastTurn) show(describe(model));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (turn !== lastTurn) return;
    const hint = error instanceof UserError ? error.hint : undefined;
    show([texts.convert.failed(error.message, hint)], 'problem');
  }
}

function describe({ name, model: { bytes, graph } }: NamedModel): (Node | string)[] {
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.textContent = texts.convert.save(link.download);
  const ports = (list: typeof graph.inputs) =>
    list.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join(', ');
  const [inputs, outputs] = [ports(graph.inputs), ports(graph.outputs)];
  return [link, texts.convert.made({ sizeBytes: bytes.length, nodes: graph.nodes.length, inputs, outputs })];
}

function show(content: readonly (Node | string)[], kind = ''): void {
  result.replaceChildren(...content);
  result.className = `card ${kind}`;
  result.hidden = false;
}
