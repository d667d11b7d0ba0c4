import type { ConvertedModel } from '../../../src/core/convert/index.js';
import { UserError } from '../../../src/core/errors.js';
import { convertFiles } from './convert-files.js';

const input = document.querySelector<HTMLInputElement>('#files')!;
const target = document.querySelector<HTMLElement>('#drop-here')!;
const result = document.querySelector<HTMLElement>('#result')!;
let address = '';

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
  try {
    show(describe(await convertFiles(files)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = error instanceof UserError && error.hint ? ` ${error.hint}` : '';
    show([`Not converted: ${error.message}.${hint}`], 'problem');
  }
}

function describe({ bytes, graph }: ConvertedModel): (Node | string)[] {
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'model.onnx';
  link.textContent = 'Save model.onnx';
  const ports = (list: typeof graph.inputs) =>
    list.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join(', ');
  const size = `${(bytes.length / 1024).toFixed(0)} KiB, ${graph.nodes.length} nodes`;
  return [link, ` (${size}): from ${ports(graph.inputs)} to ${ports(graph.outputs)}`];
}

function show(content: readonly (Node | string)[], kind = ''): void {
  result.replaceChildren(...content);
  result.className = `card ${kind}`;
  result.hidden = false;
}
