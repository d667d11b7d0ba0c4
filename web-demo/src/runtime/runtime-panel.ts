import type { Network } from '../models/network.js';
import { showPanelProblem } from '../models/panel-problem.js';
import type { ModelSummary, RuntimeKind } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { byId } from '../views/dom.js';

/** Lets the user choose where the network runs, and shows how long that takes. */
export function mountRuntimePanel(network: Network): void {
  const panel = byId('runtime');
  const radios = [...panel.querySelectorAll<HTMLInputElement>('input[name="runtime"]')];
  let loaded: ModelSummary | undefined;
  /** Choices that are not carried out yet; until then the radios show them. */
  let pending = 0;
  const show = () => {
    if (pending > 0 || !loaded) return;
    for (const radio of radios) {
      radio.checked = radio.value === loaded.runtime;
      radio.disabled = false;
    }
    byId('runtime-note').textContent = loaded.fallbackReason
      ? texts.network.fallback(loaded.fallbackReason)
      : loaded.runtimeName;
  };
  const choose = async (runtime: RuntimeKind) => {
    showPanelProblem(panel, undefined);
    byId('runtime-note').textContent = texts.network.starting;
    pending++;
    try {
      await network.load({ runtime });
    } catch (error) {
      showPanelProblem(panel, error);
    }
    pending--;
    show();
  };
  for (const radio of radios) {
    radio.addEventListener('change', () => void choose(radio.value as RuntimeKind));
  }
  network.onLoaded((summary) => {
    loaded = summary;
    show();
    void showTimes(network, summary);
  });
}

async function showTimes(network: Network, { loadMs, firstRunMs }: ModelSummary): Promise<void> {
  const show = (id: string, ms: number | undefined) => {
    byId(id).textContent = ms === undefined ? '–' : texts.network.milliseconds(ms);
  };
  show('load-time', loadMs);
  show('first-run-time', firstRunMs);
  show('warm-time', undefined);
  show('warm-time', await network.measure().catch(() => undefined));
}
