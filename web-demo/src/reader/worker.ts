import { classifierPorts, classify } from '../../../src/core/classify.js';
import { DIGIT_CLASSES } from '../../../src/core/dataset/dataset.js';
import { messageOf, UserError } from '../../../src/core/errors.js';
import { MNIST_PIXELS } from '../../../src/core/image.js';
import { fromMetadata, MNIST_PREPROCESSING } from '../../../src/core/model-info.js';
import { readOnnx } from '../../../src/core/onnx/read.js';
import { Inspector } from '../inspect/inspector.js';
import { texts } from '../texts.js';
import { fetchFile } from './fetch-file.js';
import type { ModelSummary, Reply, Request } from './protocol.js';
import { rasterize } from './rasterize.js';
import { type Model, read } from './read.js';
import { createWebSession, RUNTIME } from './web-session.js';

// The network runs here, so that the pen never waits for it.

let model: Model | undefined;
let inspector: Inspector | undefined;

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
  if (type === 'load') return { type, id, model: await load(request.modelUrl) };
  if (type === 'layers') return { type, id, layers: await inspector!.layers(request.pixels) };
  if (type === 'saliency') return { type, id, saliency: await inspector!.saliency(request.pixels) };
  const { source, isCentred } = request;
  inspector?.stop();
  const name = source.kind === 'picture' ? source.name : '';
  return { type, id, reading: await read(await rasterize(source), name, { model: model!, isCentred }) };
}

async function load(url: string): Promise<ModelSummary> {
  const bytes = await fetchFile(url, texts.errors.files.model);
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  const info = fromMetadata(readOnnx(bytes, name).metadata) ?? {
    classes: DIGIT_CLASSES,
    preprocessing: MNIST_PREPROCESSING,
  };
  const session = await createWebSession(bytes);
  classifierPorts(session, info);
  // The first run is slower than those after it; nobody waits for this one.
  await classify(session, info, new Uint8Array(MNIST_PIXELS));
  await inspector?.release();
  inspector = new Inspector({ bytes, session, info, createSession: createWebSession });
  model = { session, info };
  const { classes, testAccuracy } = info;
  return { name, sizeBytes: bytes.length, classes, testAccuracy, runtime: RUNTIME };
}
