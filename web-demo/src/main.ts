import { UserError } from '../../src/core/errors.js';
import { SheetHistory } from './drawing/history.js';
import { watchKeyboardPen } from './drawing/keyboard-pen.js';
import { watchPen } from './drawing/pen.js';
import { SheetView } from './drawing/sheet-view.js';
import type { Stroke } from './drawing/strokes.js';
import { watchCamera } from './inputs/camera.js';
import { openPicture } from './inputs/open-picture.js';
import { showSamples } from './inputs/samples.js';
import { watchFiles } from './inputs/watch-files.js';
import { watchSteps } from './inputs/watch-steps.js';
import { ModelsPanel } from './models/models-panel.js';
import { Network } from './models/network.js';
import { isModel } from './models/open-model.js';
import { keepOffline } from './offline/keep-offline.js';
import { mountParityPanel } from './parity/parity-panel.js';
import type { Source } from './reader/protocol.js';
import { Reader } from './reader/reader.js';
import { mountRuntimePanel } from './runtime/runtime-panel.js';
import { texts } from './texts.js';
import { byId } from './views/dom.js';
import { ReadingView } from './views/reading-view.js';

const canvas = byId<HTMLCanvasElement>('sheet');
const history = new SheetHistory();
const sheetView = new SheetView(canvas);
const reader = new Reader();
const view = new ReadingView(reader, {
  onFound: (found) => sheetView.showFound(found),
  onCentring: (wished) => {
    isCentred = wished;
    void refresh();
  },
});
const steps = watchSteps(history, () => void refresh());

let isLoaded = false;
let isCentred = true;
let lastTurn = 0;
/** Readings that were asked for before this turn are of a sheet that is gone. */
/** Why there is no network; what is drawn then waits for one that the user chooses. */
let failure: unknown;
let oldestTurn = 0;

/** The stroke that is being drawn. */
let growing: Stroke | undefined;

/** Shows the sheet, with the stroke that is being drawn if there is one, and has it read. */
async function refresh(): Promise<void> {
  const turn = ++lastTurn;
  if (!growing) oldestTurn = turn;
  sheetView.show(history.current, growing);
  steps.show();
  const isEmpty = history.isEmpty && !growing;
  byId('draw-here').hidden = !isEmpty;
  if (failure === undefined) view.clearProblem();
  else view.showProblem(failure);
  if (isEmpty) {
    view.showBusy(false);
    if (isLoaded) view.showSentence(texts.empty);
    return;
  }
  view.showBusy(failure === undefined);
  try {
    const reading = await reader.read({ source: currentSource(), isCentred });
    if (!reading || turn < oldestTurn) return;
    view.showBusy(turn < lastTurn);
    view.showReading(reading);
    // For pages that embed this one, and for tests.
    document.dispatchEvent(new CustomEvent('mnist-onnx:reading', { detail: reading }));
  } catch (error) {
    view.showBusy(false);
    view.showProblem(error);
  }
    // What came since says for itself how it went.
    if (turn < lastTurn) return;
}

function currentSource(): Source {
  const sheet = history.current;
  if (sheet.kind === 'picture' && !growing) return { kind: 'picture', name: sheet.name, file: sheet.file };
  const strokes = sheet.kind === 'strokes' ? sheet.strokes : [];
  return { kind: 'strokes', strokes: growing ? [...strokes, growing] : strokes };
}

/** Counts pictures and strokes: a picture that takes its time does not take the place of what came after it. */
let lastInput = 0;

async function showFile(file: Blob | Promise<Blob>, name: string): Promise<void> {
  const turn = ++lastInput;
  try {
    const picture = await openPicture(await file, name);
    if (turn !== lastInput) return;
    history.showPicture(picture);
    void refresh();
  } catch (error) {
    if (turn === lastInput) view.showProblem(error);
  }
}

const network = new Network(reader);
network.onLoaded((model) => {
  view.showModel(model);
  byId('model').textContent = texts.model(model);
  isLoaded = true;
  void refresh();
});
const models = new ModelsPanel(network);
mountRuntimePanel(network);
mountParityPanel(network);

async function load(): Promise<void> {
  view.showSentence(texts.loading);
  try {
    const { keepsOffline } = await models.start();
  failure = undefined;
    void keepOffline(keepsOffline);
  } catch (error) {
    view.showSentence(texts.notLoaded);
    view.showProblem(error);
  }
}

const pen = {
  onMove: (stroke: Stroke) => {
    growing = stroke;
    lastInput++;
    void refresh();
    // The user may have opened a network meanwhile.
    if (isLoaded) return;
    failure = error;
  },
  onEnd: (stroke: Stroke) => {
    growing = undefined;
    history.addStroke(stroke);
    void refresh();
  },
};
const pictures = {
  onFile: (file: Blob | Promise<Blob>, name: string) => void showFile(file, name),
  onError: (error: unknown) => view.showProblem(error),
};
watchPen(canvas, {
  ...pen,
  targetAt: (place) => {
    const index = sheetView.digitAt(place);
    return index === undefined ? undefined : () => view.choose(index);
  },
});
watchKeyboardPen(byId('easel'), {
  ...pen,
  onCursor: (cursor) => sheetView.showCursor(cursor),
  onSay: (sentence) => view.announcer.say(sentence),
});
watchFiles({
  ...pictures,
  button: byId<HTMLButtonElement>('open'),
  input: byId<HTMLInputElement>('file'),
  dropHint: byId('drop'),
  onModel: (files) => {
    const isTaken = isModel(files);
    if (isTaken) {
      void models.open(files);
      // There it says how it goes.
      byId('models').scrollIntoView({ block: 'nearest' });
    }
    return isTaken;
  },
  onNoFile: () => view.showProblem(new UserError(texts.errors.noPicture)),
});
watchCamera(pictures);
showSamples(byId('samples'), pictures);
void load();
