import type { ParityReference } from '../../../src/core/demo-manifest.js';
import { fetchJson, fromPage } from '../models/fetch-json.js';
import type { Network } from '../models/network.js';
import { showPanelProblem } from '../models/panel-problem.js';
import { fetchFile } from '../reader/fetch-file.js';
import { texts } from '../texts.js';
import { byId } from '../views/dom.js';

/** Runs the bundled digits through the network as it runs here, and compares with what onnxruntime-node said. */
export function mountParityPanel(network: Network): void {
  const panel = byId('parity');
  const button = byId<HTMLButtonElement>('parity-run');
  const result = byId('parity-result');
  let address: string | null = null;
  let runtimeName = '';

  network.onLoaded((summary, choice) => {
    ({ runtimeName } = summary);
    address = choice.parity;
    button.disabled = address === null;
    result.textContent = address === null ? texts.network.noReference : '';
    showPanelProblem(panel, undefined);
  });
  button.addEventListener('click', async () => {
    const compared = address!;
    button.disabled = true;
    result.textContent = texts.network.comparing;
    showPanelProblem(panel, undefined);
    try {
      const { reference, digits } = await fetchReference(compared);
      const parity = await network.compare(digits);
      if (compared === address) {
        result.textContent = texts.network.parity({
          ...parity,
          ours: runtimeName,
          theirs: reference.runtime,
        });
        // For tests.
        document.dispatchEvent(new CustomEvent('mnist-onnx:parity', { detail: parity }));
      }
    } catch (error) {
      result.textContent = '';
      showPanelProblem(panel, error);
    }
    button.disabled = address === null;
  });
}

async function fetchReference(address: string) {
  const what = texts.errors.files.parity;
  const reference = await fetchJson<ParityReference>(address, what);
  const pixels = await fetchFile(fromPage(reference.digits), what);
  return { reference, digits: { pixels, logits: Float32Array.from(reference.logits) } };
}
