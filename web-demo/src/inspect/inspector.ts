import type { ModelInfo } from '../../../src/core/model-info.js';
import { occlusionSaliency, type Saliency } from '../../../src/core/saliency.js';
import type { InferenceSession } from '../../../src/core/session.js';
import { type LayerMaps, layerMaps, type TappedModel, tapModel } from './layer-maps.js';
import { unhurried } from './unhurried.js';

export interface Inspected {
  readonly bytes: Uint8Array;
  readonly session: InferenceSession;
  readonly info: ModelInfo;
  readonly createSession: (bytes: Uint8Array) => Promise<InferenceSession>;
}

/** Looks into one model. */
export class Inspector {
  readonly #model: Inspected;
  #tapped: Promise<TappedModel> | undefined;
  #running = new AbortController();

  constructor(model: Inspected) {
    this.#model = model;
  }

  /**
   * What the convolutions answered. The session with more outputs is made at the first call.
   *
   * @param pixels [28, 28] uint8
   */
  async layers(pixels: Uint8Array): Promise<LayerMaps[]> {
    const { bytes, info, createSession } = this.#model;
    this.#tapped ??= tapModel(bytes, info, createSession);
    return layerMaps(await this.#tapped, pixels);
  }

  /**
   * Which pixels decided; `undefined` where something more urgent stopped it.
   *
   * @param pixels [28, 28] uint8
   */
  async saliency(pixels: Uint8Array): Promise<Saliency | undefined> {
    this.stop();
    const { signal } = this.#running;
    const { session, info } = this.#model;
    try {
      return await occlusionSaliency(unhurried(session, signal), info, pixels);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Stops the long work that is under way. */
  stop(): void {
    this.#running.abort();
    this.#running = new AbortController();
  }

  async release(): Promise<void> {
    this.stop();
    const tapped = await this.#tapped?.catch(() => undefined);
    await tapped?.session.release();
  }
}
