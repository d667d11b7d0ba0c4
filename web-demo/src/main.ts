import { UserError } from '../../src/core/errors.js';
import { SheetHistory } from './drawing/history.js';
import { watchKeyboardPen } from './drawing/keyboard-pen.js';
import { watchPen } from './drawing/pen.js';
import { SheetView } from './drawing/sheet-view.js';
import type { Stroke } from './drawing/strokes.js';
import { watchCamera } from './inputs/camera.js';
import { decodePicture, openPicture } from './inputs/open-picture.js';
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
const sheetView = new SheetView(canvas, decodePicture);
const reader = new Reader();
const view = new ReadingView(reader, {
  onFound: (found) => sheetView.showFound(found),
  onCentring: (wished) => {
    isCentred = wished;
    void refresh();
  },
});
const steps = watchSteps(history, {
  onStep: () => keyboardPen.lift(),
  onChange: () => void refresh(),
});

let isLoaded = false;
/** Why there is no network; what is drawn then waits for one that the user chooses. */
let failure: unknown;
let isCentred = true;
let lastTurn = 0;
/** Readings that were asked for before this turn are of a sheet that is gone. */
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
    // What came since says for itself how it went.
    if (turn < lastTurn) return;
    view.showBusy(false);
    view.showProblem(error);
  }
}

function currentSource(): Source {
  const sheet = history.current;
  if (sheet.kind === 'picture' && !growing) return { kind: 'picture', name: sheet.name, file: sheet.file };
  const strokes = sheet.kind === 'strokes' ? sheet.strokes : [];
  return { kind: 'strokes', strokes: growing ? [...strokes, growing] : strokes };
}

/** Counts pictures and strokes: a picture that takes its time does not take the place of what came after it. */
let lastInput = 0;

/** @param count how many files were given; one is shown */
async function showFile(given: Blob | Promise<Blob>, name: string, count = 1): Promise<void> {
  keyboardPen.lift();
  const turn = ++lastInput;
  try {
    const file = await given;
    const bitmap = await openPicture(file, name);
    if (turn !== lastInput) return bitmap.close();
    sheetView.keep(file, bitmap);
    history.showPicture({ kind: 'picture', name, file });
    void refresh();
    // The samples lie below the answer on a phone.
    byId('easel').scrollIntoView({ block: 'nearest' });
    if (count > 1) view.showProblem(new UserError(texts.errors.oneOfSeveral(name, count)));
  } catch (error) {
    if (turn === lastInput) view.showProblem(error);
  }
}

const network = new Network(reader);
network.onLoaded((model) => {
  view.showModel(model);
  byId('model').textContent = texts.model(model);
  isLoaded = true;
  failure = undefined;
  void refresh();
});
const models = new ModelsPanel(network);
mountRuntimePanel(network);
mountParityPanel(network);

async function load(): Promise<void> {
  view.showSentence(texts.loading);
  try {
    const { keepsOffline } = await models.start();
    void keepOffline(keepsOffline);
  } catch (error) {
    // The user may have opened a network meanwhile.
    if (isLoaded) return;
    failure = error;
    view.showSentence(texts.notLoaded);
    void refresh();
  }
}

/** The two pens draw on one sheet: where one begins, the other ends. */
const penBeside = (other: () => { lift(): void }) => ({
  onMove: (stroke: Stroke) => {
    if (stroke !== growing) other().lift();
    growing = stroke;
    lastInput++;
    void refresh();
  },
  onEnd: (stroke: Stroke) => {
    growing = undefined;
    history.addStroke(stroke);
    void refresh();
  },
});
const pictures = {
  onFile: (file: Blob | Promise<Blob>, name: string, count?: number) => void showFile(file, name, count),
  onError: (error: unknown) => view.showProblem(error),
};
const pen = watchPen(canvas, {
  ...penBeside(() => keyboardPen),
  targetAt: (place) => {
    const index = sheetView.digitAt(place);
    return index === undefined ? undefined : () => view.choose(index);
  },
});
const keyboardPen = watchKeyboardPen(byId('easel'), {
  ...penBeside(() => pen),
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
