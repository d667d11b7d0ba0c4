import type { Prediction } from '../../src/core/prediction.js';

const percent = (fraction: number, decimals = 1) => `${(100 * fraction).toFixed(decimals)}%`;
/** «an 8», «an 11», but «a 3». */
const withArticle = (digit: string) => `${/^(8|1[18]$)/.test(digit) ? 'an' : 'a'} ${digit}`;

/** Every word of the page; a translation replaces this file. */
export const texts = {
  language: 'en',
  /** Put into index.html by the build, by name. */
  page: {
    title: 'mnist-onnx: draw a digit',
    description: 'Draw a digit and watch a small neural network read it, in your browser.',
    heading: 'Draw a digit',
    intro: 'A small neural network reads it, in your browser. Nothing leaves your device.',
    noScript: 'This page needs JavaScript: it runs the network in your browser.',
    drawing: 'Drawing',
    drawingLabel: 'Drawing area: draw a digit from 0 to 9 with mouse, pen or finger',
    drawHere: 'Draw here',
    undo: 'Undo',
    redo: 'Redo',
    clear: 'Clear',
    open: 'Picture',
    pictureHint: 'You can also drop a picture here, or paste one.',
    result: 'Result',
    probabilities: 'Probabilities',
    seen: 'What the network sees',
    seenHint:
      'Cut out, scaled to 20 pixels and centred by its weight on 28×28, just like the digits that it learned from.',
    drop: 'Drop the picture to read it',
    toConverter: 'Convert a TensorFlow.js model to ONNX',
  },
  loading: 'Loading the network…',
  notLoaded: 'The network is not there',
  empty: 'Blank: draw a digit',
  blank: 'Blank: no digit found',
  seenLabel: (digit: string, position: number) => `Digit ${position}, read as ${digit}, 28 by 28 pixels`,
  seenNothing: 'Nothing to see yet',
  percent,
  /** The reading in one sentence, for eyes and for screen readers. */
  sentence({ text, status, digits }: Prediction): string {
    const [first] = digits;
    if (status === 'blank' || !first) return texts.blank;
    const isUnsure = status === 'unsure';
    if (digits.length > 1) return isUnsure ? `Not sure about all digits: ${text}` : `This reads ${text}`;
    if (!isUnsure) return `This is ${withArticle(first.digit)}, ${percent(first.probability)} sure`;
    return `Not sure: perhaps ${first.topK
      .slice(0, 2)
      .map(({ digit }) => withArticle(digit))
      .join(' or ')}`;
  },
  model: (model: {
    name: string;
    sizeBytes: number;
    testAccuracy: number | undefined;
    runtimeName: string;
  }) => {
    const size = `${(model.sizeBytes / 1e6).toFixed(1)} MB`;
    const accuracy =
      model.testAccuracy === undefined ? [] : [`${percent(model.testAccuracy, 2)} on MNIST's test images`];
    return [model.name, size, ...accuracy, model.runtimeName].join(' · ');
  },
  timing: ({ prepareMs, runMs }: { prepareMs: number; runMs: number }) =>
    `prepared in ${prepareMs.toFixed(1)} ms, read in ${runMs.toFixed(1)} ms`,
  threads: (count: number) => `${count} threads`,
  errors: {
    noWebgpu: 'This browser has no WebGPU.',
    noAdapter: 'This browser has WebGPU, but no graphics processor for it.',
    files: { model: 'The network', wasm: "The network's runtime" },
    status: (what: string, url: string, status: number) =>
      `${what} could not be loaded: ${url} answered with status ${status}.`,
    webPage: (what: string, url: string) =>
      `${what} could not be loaded: got a web page instead of the file at ${url}.`,
    unreachable: (what: string, url: string) => `${what} could not be loaded: ${url} cannot be reached.`,
    checkServer: 'Check that the file lies there, then load this page again.',
    checkConnection: 'Check the connection, then load this page again.',
    runtime: (reason: string) => `The network could not be started: ${reason}`,
    runtimeHint: 'Load this page again, or try a current Chrome, Edge, Firefox or Safari.',
    stopped: 'The part of the page that runs the network could not be started.',
    noPicture: 'That was no picture.',
    unreadable: (name: string) => `${name} could not be read as a picture.`,
    unreadableHint: 'PNG, JPEG, WebP, GIF, BMP and AVIF pictures can be read.',
    pasted: 'The pasted picture',
    failed: (reason: string) => `Something went wrong: ${reason}`,
  },
} as const;
