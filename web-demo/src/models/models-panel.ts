import type { DemoManifest, DemoModel } from '../../../src/core/demo-manifest.js';
import type { ModelSource, ModelSummary } from '../reader/protocol.js';
import { texts } from '../texts.js';
import { byId, create } from '../views/dom.js';
import { fetchJson, fromPage } from './fetch-json.js';
import type { Network, NetworkChoice } from './network.js';
import { openModel } from './open-model.js';
import { showPanelProblem } from './panel-problem.js';

type Entry = Pick<NetworkChoice, 'model' | 'parity'>;

/** The menu of networks, to which a user's own are added. */
export class ModelsPanel {
  readonly #network: Network;
  readonly #panel = byId('models');
  readonly #menu = byId<HTMLSelectElement>('model-choice');
  readonly #entries: Entry[] = [];
  #shown = -1;

  constructor(network: Network) {
    this.#network = network;
    const input = byId<HTMLInputElement>('model-files');
    byId('model-open').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      const files = [...input.files!];
      // Else choosing the same file again would change nothing.
      input.value = '';
      void this.open(files);
    });
    this.#menu.addEventListener('change', () => void this.#choose(this.#menu.selectedIndex));
    network.onLoaded((summary, { model }) => this.#show(summary, model));
  }

  /**
   * Lists the networks that lie beside the page and loads the first.
   *
   * @throws UserError if the list or the network is missing.
   */
  async start(): Promise<DemoManifest> {
    const manifest = await fetchJson<DemoManifest>('models.json', texts.errors.files.list);
    for (const model of manifest.models) this.#add(toEntry(model), texts.network.option(model));
    this.#menu.disabled = false;
    try {
      await this.#network.load(this.#entries[0]!);
    } catch (error) {
      // None is chosen then, so that choosing it tries again.
      this.#menu.selectedIndex = this.#shown;
      throw error;
    }
    return manifest;
  }

  /** Runs a model of the user's own, or says why not. */
  async open(files: readonly File[]): Promise<void> {
    await this.#try(async () => this.#network.load({ model: await openModel(files), parity: null }));
  }

  async #choose(index: number): Promise<void> {
    await this.#try(() => this.#network.load(this.#entries[index]!));
  }

  async #try(load: () => Promise<void>): Promise<void> {
    showPanelProblem(this.#panel, undefined);
    this.#panel.ariaBusy = 'true';
    try {
      await load();
    } catch (error) {
      this.#menu.selectedIndex = this.#shown;
      showPanelProblem(this.#panel, error);
    }
    this.#panel.ariaBusy = 'false';
  }

  #show(summary: ModelSummary, model: NetworkChoice['model']): void {
    let index = this.#entries.findIndex((entry) => isSame(entry.model, model));
    if (index < 0) {
      const { name, sizeBytes, testAccuracy = null } = summary;
      index = this.#add({ model, parity: null }, texts.network.ownOption({ name, sizeBytes, testAccuracy }));
    } else if (model.kind === 'file') {
      this.#entries[index] = { model, parity: null };
    }
    this.#shown = index;
    this.#menu.disabled = false;
    this.#menu.selectedIndex = index;
    showPanelProblem(this.#panel, undefined);
    byId('model-facts').textContent = texts.network.facts(summary);
  }

  #add(entry: Entry, label: string): number {
    this.#menu.append(create('option', '', label));
    return this.#entries.push(entry) - 1;
  }
}

/** A file that is opened again takes the place of what it was before. */
function isSame(a: ModelSource, b: ModelSource): boolean {
  if (a.kind !== 'file' || b.kind !== 'file') return a === b;
  return a.name === b.name && a.bytes.length === b.bytes.length;
}

function toEntry({ name, file, parity }: DemoModel): Entry {
  return { model: { kind: 'address', name, url: fromPage(file) }, parity };
}
