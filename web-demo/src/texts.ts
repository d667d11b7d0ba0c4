import { DIGIT_CLASSES } from '../../src/core/dataset/dataset.js';
import type { Prediction } from '../../src/core/prediction.js';

const percent = (fraction: number, decimals = 1) => `${(100 * fraction).toFixed(decimals)}%`;
const isNumber = (name: string) => /^\d+$/.test(name);
/** «an 8», «an 11», but «a 3»; and what is no number stands alone. */
const withArticle = (name: string) =>
  isNumber(name) ? `${/^(8|1[18]$)/.test(name) ? 'an' : 'a'} ${name}` : name;

/** One MB is a million bytes. */
const fileSize = (bytes: number) =>
  bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const inOneLine = (text: string) => text.replaceAll('\n', ' / ');

/** Every word of the page; a translation replaces this file. */
export const texts = {
  language: 'en',
  /** Put into index.html by the build, by name. */
  page: {
    title: 'mnist-onnx: draw digits',
    description: 'Draw digits and watch a small neural network read them, in your browser.',
    heading: 'Draw digits',
    intro: 'A small neural network reads them, in your browser. Nothing leaves your device.',
    noScript: 'This page needs JavaScript: it runs the network in your browser.',
    drawing: 'Drawing',
    drawingLabel: 'Drawing area: draw digits with mouse, pen or finger, or with the keyboard',
    drawHere: 'Draw here',
    undo: 'Undo',
    redo: 'Redo',
    clear: 'Clear',
    open: 'Picture',
    camera: 'Camera',
    pictureHint: 'You can also drop a picture here, or paste one.',
    keysHint: 'Arrow keys move, with Shift in small steps. Space puts the pen down and lifts it.',
    samples: 'Or try a picture',
    result: 'Result',
    probabilities: 'Probabilities',
    correctQuestion: 'Wrong? It was a',
    seen: 'What the network sees',
    centring: 'Cut out and centre',
    decision: 'What decided',
    decisionHint:
      'Orange speaks for the answer, blue against it: the network was asked again with each spot covered.',
    layers: 'Layer by layer',
    layersHint: 'Each little picture shows where one learned filter finds its pattern in the digit.',
    corrections: 'Corrections',
    correctionsHint:
      'They stay in this browser. To teach them to a network, save them, and run where the zip lies:',
    trainCommand: 'npx mnist-onnx train --init mnist_deep --images mnist-corrections.zip',
    saveCorrections: 'Save as a zip',
    removeCorrections: 'Remove all',
    cameraTitle: 'Take a photo',
    cameraTake: 'Take photo',
    cancel: 'Cancel',
    drop: 'Drop a picture to read it, or a network to run it',
    toConverter: 'Convert a TensorFlow.js model to ONNX',
    convertTitle: 'mnist-onnx: TensorFlow.js to ONNX',
    convertDescription: 'Convert a TensorFlow.js layers model to ONNX in your browser.',
    convertHeading: 'TensorFlow.js to ONNX',
    convertIntro: 'Your browser converts the model. Nothing leaves your device.',
    convertNoScript: 'This page needs JavaScript: it converts the model in your browser.',
    convertFiles: 'Choose or drop the model.json and its weight files',
    convertHint: 'As model.save(…) of a layers model wrote them.',
    toDrawing: 'Draw digits and watch a network read them',
    network: 'The network',
    modelOpen: 'Open your own…',
    modelHint:
      'An .onnx file for 28×28 pictures, or a TensorFlow.js model.json with its weight files, which your browser converts. You can also drop them here.',
    runtime: 'Where it runs',
    wasm: 'WASM',
    webgpu: 'WebGPU',
    loadTime: 'Loading',
    firstRunTime: 'First run',
    warmTime: 'Each run after it (median)',
    parity: 'Does it agree?',
    parityRun: 'Compare',
    parityHint: 'Runs 100 drawn digits here and compares the logits with those of onnxruntime in Node.js.',
  },
  loading: 'Loading the network…',
  notLoaded: 'The network is not there',
  empty: 'Blank: draw a digit',
  blank: 'Blank: no digit found',
  penDown: (across: number, down: number) =>
    `Pen down, ${percent(across, 0)} from the left and ${percent(down, 0)} from the top`,
  penUp: 'Pen lifted',
  seenLabel: (digit: string, position: number) => `Digit ${position}, read as ${digit}, 28 by 28 pixels`,
  seenNothing: 'Nothing to see yet',
  centringHint:
    'The digit is cut out, scaled to 20 pixels and centred by its weight on 28×28, just like those that the network learned from. Turn it off to see why.',
  /** What the switch does to this drawing. */
  centringEffect({
    prediction,
    centred,
  }: {
    prediction: Prediction;
    centred: Prediction | undefined;
  }): string {
    if (!centred) return texts.centringHint;
    const said = ({ digits, text }: Prediction) => {
      const [first] = digits;
      if (!first) return 'nothing';
      return digits.length > 1 ? text : `${withArticle(first.digit)} (${percent(first.probability)})`;
    };
    return `The whole sheet, shrunk as it lies, reads as ${said(prediction)}. Cut out and centred, it reads as ${said(centred)}.`;
  },
  decisionNothing: 'Nothing decided yet',
  decidingInk: (digit: string) => `Ink that makes it ${withArticle(digit)}`,
  decidingPaper: (digit: string) => `Blank paper that makes it ${withArticle(digit)}`,
  layersNothing: 'Draw something to see them.',
  layersComing: 'They are being worked out…',
  layersFailed: 'This network cannot be looked into here; it reads all the same.',
  layersNone: 'This network has no convolutions to look at.',
  layer: ({
    channels,
    height,
    width,
    shown,
  }: {
    channels: number;
    height: number;
    width: number;
    shown: number;
  }) =>
    shown < channels
      ? `the first ${shown} of ${channels} maps of ${width}×${height}`
      : `${channels} maps of ${width}×${height}`,
  /** The bars' heading; of several digits, it names the one that they are of. */
  probabilities: (chosen: { digit: string; position: number; count: number } | undefined) =>
    chosen && chosen.count > 1
      ? `Probabilities of the ${chosen.digit}, digit ${chosen.position} of ${chosen.count}`
      : texts.page.probabilities,
  correctQuestion: (classes: readonly string[], chosen: { digit: string; count: number } | undefined) => {
    const subject = chosen && chosen.count > 1 ? `The ${chosen.digit}` : 'It';
    return `Wrong? ${subject} was${classes.every(isNumber) ? ' a' : ''}`;
  },
  kept: (label: string) => `Kept as ${withArticle(label)}, under Corrections`,
  /** The network that comes along can be tuned to digits only. */
  trainCommand: (classes: readonly string[]) =>
    classes.join() === DIGIT_CLASSES.join()
      ? texts.page.trainCommand
      : 'npx mnist-onnx train --dataset FOLDER_OF_ITS_IMAGES --images mnist-corrections.zip',
  correctionsCount: (count: number) =>
    count === 0
      ? 'None yet. Tell the page where it was wrong, and it keeps the digit with its label.'
      : `${count} kept.`,
  not: (read: string) => `not ${read}`,
  correctionLabel: (label: string, read: string) => `${withArticle(label)} that was read as ${read}`,
  removeCorrection: (label: string, read: string) => `Remove ${withArticle(label)} that was read as ${read}`,
  removeAllQuestion: (count: number) =>
    count === 1 ? 'Remove the correction?' : `Remove all ${count} corrections?`,
  sample: (name: string) => `Read this picture: ${name}`,
  samples: {
    numbers: 'numbers on paper',
    blue: 'blue ink on cream paper',
    chalk: 'chalk on a board',
    red: 'a thick red pen',
    shadow: 'a photo with a shadow',
    paper: 'a photo of paper',
    corner: 'small and in a corner',
  },
  photo: 'The photo',
  percent,
  /** The reading in one sentence, for eyes and for screen readers. */
  sentence({ text, status, digits }: Prediction): string {
    const [first] = digits;
    if (status === 'blank' || !first) return texts.blank;
    const isUnsure = status === 'unsure';
    if (digits.length > 1)
      return isUnsure ? `Not sure about all digits: ${inOneLine(text)}` : `This reads ${inOneLine(text)}`;
    if (!isUnsure) return `This is ${withArticle(first.digit)}, ${percent(first.probability)} sure`;
    // Probable, but refused all the same: it resembles no class.
    if (first.probability > 0.65) return `Not sure: hardly a digit, nearest to ${withArticle(first.digit)}`;
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
    const size = fileSize(model.sizeBytes);
    const accuracy =
      model.testAccuracy === undefined ? [] : [`${percent(model.testAccuracy, 2)} on its test images`];
    return [model.name, size, ...accuracy, model.runtimeName].join(' · ');
  },
  timing: ({ drawMs, prepareMs, runMs }: { drawMs: number; prepareMs: number; runMs: number }) =>
    `prepared in ${(drawMs + prepareMs).toFixed(1)} ms, read in ${runMs.toFixed(1)} ms`,
  threads: (count: number) => `${count} threads`,
  network: {
    option: (model: { name: string; sizeBytes: number; testAccuracy: number | null }): string => {
      const accuracy = model.testAccuracy === null ? [] : [percent(model.testAccuracy, 2)];
      return [model.name, fileSize(model.sizeBytes), ...accuracy].join(' · ');
    },
    ownOption: (model: { name: string; sizeBytes: number; testAccuracy: number | null }): string =>
      `${texts.network.option(model)} · yours`,
    facts: ({ sizeBytes, testAccuracy }: { sizeBytes: number; testAccuracy: number | undefined }) => {
      const size = fileSize(sizeBytes);
      return testAccuracy === undefined
        ? size
        : `${size}, right on ${percent(testAccuracy, 2)} of its test images`;
    },
    starting: 'Starting…',
    fallback: (reason: string) => `Runs on WASM instead. ${reason}`,
    milliseconds: (ms: number) => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`,
    comparing: 'Comparing…',
    noReference:
      'For a network of your own there are no answers to compare with. They come with: mnist-onnx demo --model',
    parity: (parity: {
      count: number;
      maxDifference: number;
      differingLabels: number;
      ours: string;
      theirs: string;
    }) => {
      const { count, maxDifference, differingLabels, ours, theirs } = parity;
      const labels =
        differingLabels === 0
          ? `All ${count} digits get the same label`
          : `${differingLabels} of ${count} digits get another label`;
      const logits =
        maxDifference === 0
          ? 'the logits are the same'
          : `the logits differ by at most ${maxDifference.toExponential(1)}`;
      return `${labels}; ${logits} (${ours}, ${theirs}).`;
    },
  },
  convert: {
    save: (name: string) => `Save ${name}`,
    made: (model: { sizeBytes: number; nodes: number; inputs: string; outputs: string }) =>
      ` (${(model.sizeBytes / 1024).toFixed(0)} KiB, ${model.nodes} nodes): from ${model.inputs} to ${model.outputs}`,
    failed: (reason: string, hint: string | undefined) =>
      `Not converted: ${reason}.${hint ? ` ${hint}` : ''}`,
    keras: (name: string) =>
      `${name} is a file of Python's Keras: make a model.json of it with tensorflowjs_converter --input_format=keras`,
    isOnnx: (name: string) => `${name} is an ONNX file already`,
    noJson: 'the model.json is missing: choose it together with its weight files',
    notJson: (name: string) => `${name} is not JSON, so it is no tfjs model`,
    missing: (name: string, json: string) =>
      `${name} is missing: ${json} names it, so choose or drop both together`,
  },
  errors: {
    noWebgpu: 'This browser has no WebGPU.',
    unsafeWebgpu: 'Browsers give WebGPU only to pages from https or from localhost.',
    noAdapter: 'This browser has WebGPU, but no graphics processor for it.',
    files: {
      model: 'The network',
      wasm: "The network's runtime",
      list: 'The list of networks',
      parity: 'What to compare with',
    },
    damaged: (what: string, url: string) => `${what} could not be read: ${url} is damaged.`,
    noPart: 'A part of this page could not be loaded: there is no connection, or the page was updated since.',
    noPartHint: 'Load this page again.',
    noModel: 'That is neither an .onnx file nor a model.json.',
    noModelHint: 'Choose one .onnx file, or a TensorFlow.js model.json together with its weight files.',
    tooLarge: (megabytes: number, most: number) =>
      `The network has ${megabytes.toFixed(0)} MB, and this page takes up to ${most} MB.`,
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
    oneOfSeveral: (name: string, count: number) =>
      `One picture is read at a time: this is ${name}, one of ${count} files.`,
    emptyFile: (name: string) => `${name} is an empty file.`,
    emptyFileHint: 'Choose another picture.',
    unreadable: (name: string) => `${name} could not be read as a picture.`,
    unreadableHint: 'PNG, JPEG, WebP, GIF, BMP and AVIF pictures can be read.',
    pasted: 'The pasted picture',
    sample: (name: string) => `The picture (${name}) could not be loaded.`,
    noCamera: 'The camera could not be opened.',
    noCameraHint: 'Open a picture instead.',
    unsafeCamera: 'Browsers give the camera only to pages from https or from localhost.',
    cameraMissing: 'No camera was found.',
    cameraInUse: 'The camera could not be started: another program may be using it.',
    cameraInUseHint: 'Close that program and try again, or open a picture instead.',
    cameraRefused: 'The browser does not let this page use the camera.',
    cameraRefusedHint: 'Allow the camera in the address bar, or open a picture instead.',
    storageFull: 'The browser did not keep the correction: its storage is full.',
    storageFullHint: 'Save the corrections as a zip and remove them.',
    storageOff: 'The browser did not keep the correction: its storage is turned off for this page.',
    storageOffHint: 'Allow this page to store data.',
    failed: (reason: string) => `Something went wrong: ${reason}`,
  },
} as const;
