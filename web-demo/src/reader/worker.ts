import { messageOf, UserError } from '../../../src/core/errors.js';
import { Inspector } from '../inspect/inspector.js';
import { texts } from '../texts.js';
import { loadModel } from './load-model.js';
import { compareLogits, measureWarm } from './measure.js';
import type { ModelSource, ModelSummary, Reading, Reply, Request, RuntimeKind } from './protocol.js';
import { rasterize, STROKES_GROUND } from './rasterize.js';
import { type Model, read } from './read.js';
import { createSessionOn } from './start-session.js';
import { warmUp } from './warm-up.js';
import { prepareWasm } from './wasm-session.js';

type ReadRequest = Extract<Request, { type: 'read' }>;

// The network runs here, so that the pen never waits for it.

prepareWasm();
void warmUp();

let model: Model | undefined;
/** What is read before there is a model waits for the first. */
let onFirst: (model: Model) => void;
const first = new Promise<Model>((resolve) => {
  onFirst = resolve;
});
let inspector: Inspector | undefined;
/** Settles once no reading is under way. */
let readings: Promise<unknown> = Promise.resolve();

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  self.postMessage(await answer(data));
});

async function answer(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    return await act(request);
  } catch (error) {
    if (error instanceof UserError) return { type: 'failed', id, message: error.message, hint: error.hint };
    return { type: 'failed', id, message: texts.errors.failed(messageOf(error)), hint: undefined };
  }
}

async function act(request: Request): Promise<Reply> {
  const { id, type } = request;
  if (type === 'load') return { type, id, model: await load(request.model, request.runtime) };
  if (type === 'layers') return { type, id, layers: await inspector!.layers(request.pixels) };
  if (type === 'saliency') return { type, id, saliency: await inspector!.saliency(request.pixels) };
  if (type === 'measure') return { type, id, warmMs: await measureWarm(model!) };
  if (type === 'compare') return { type, id, parity: await compareLogits(model!, request.digits) };
  inspector?.stop();
  const reading = readSource(request, model ? Promise.resolve(model) : first);
  readings = Promise.allSettled([readings, reading]);
  return { type, id, reading: await reading };
}

async function readSource({ source, isCentred }: ReadRequest, model: Promise<Model>): Promise<Reading> {
  const name = source.kind === 'picture' ? source.name : '';
  const ground = source.kind === 'strokes' ? STROKES_GROUND : undefined;
  const started = performance.now();
  const image = await rasterize(source);
  const drawMs = performance.now() - started;
  return { ...(await read(image, name, { model, isCentred, ground })), drawMs };
}

async function load(source: ModelSource, wished: RuntimeKind): Promise<ModelSummary> {
  const { bytes, info, session, summary } = await loadModel(source, wished);
  const last = { model, inspector };
  model = { session, info };
  onFirst(model);
  const createSession = (tapped: Uint8Array) => createSessionOn(summary.runtime, tapped);
  inspector = new Inspector({ bytes, session, info, createSession });
  await last.inspector?.release();
  if (last.model) {
    // A reading that began before ends on the model that it began with.
    await readings;
    await last.model.session.release();
  }
  return summary;
}
