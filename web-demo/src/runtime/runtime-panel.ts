import type { Network } from '../models/network.js';
import { showPanelProblem } from '../models/panel-problem.js';
import type { ModelSummary, RuntimeKind } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { byId } from '../views/dom.js';

/** Lets the user choose where the network runs, and shows how long that takes. */
export function mountRuntimePanel(network: Network): void {
  const panel = byId('runtime');
  const radios = [...panel.querySelectorAll<HTMLInputElement>('input[name="runtime"]')];
  for (const radio of radios) {
    radio.addEventListener('change', async () => {
      showPanelProblem(panel, undefined);
      byId('runtime-note').textContent = texts.network.starting;
      try {
        await network.load({ runtime: radio.value as RuntimeKind });
      } catch (error) {
        showPanelProblem(panel, error);
      }
    });
  }
  network.onLoaded((summary) => {
    for (const radio of radios) {
      radio.checked = radio.value === summary.runtime;
      radio.disabled = false;
    }
    byId('runtime-note').textContent = summary.fallbackReason
      ? texts.network.fallback(summary.fallbackReason)
      : summary.runtimeName;
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
