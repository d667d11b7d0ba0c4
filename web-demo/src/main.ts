import modelUrl from '../../models/pretrained/mnist_cnn.onnx?url';
import { UserError } from '../../src/core/errors.js';
import { SheetHistory } from './drawing/history.js';
import { watchPen } from './drawing/pen.js';
import { SheetView } from './drawing/sheet-view.js';
import type { Stroke } from './drawing/strokes.js';
import { openPicture } from './inputs/open-picture.js';
import { watchFiles } from './inputs/watch-files.js';
import type { Source } from './reader/protocol.js';
import { Reader } from './reader/reader.js';
import { texts } from './texts.js';
import { byId } from './views/dom.js';
import { ResultView } from './views/result-view.js';

const canvas = byId<HTMLCanvasElement>('sheet');
const buttons = {
  undo: byId<HTMLButtonElement>('undo'),
  redo: byId<HTMLButtonElement>('redo'),
  clear: byId<HTMLButtonElement>('clear'),
  open: byId<HTMLButtonElement>('open'),
};
const history = new SheetHistory();
const sheetView = new SheetView(canvas);
const result = new ResultView();
const reader = new Reader();

let isLoaded = false;
let lastTurn = 0;
/** Readings that were asked for before this turn are of a sheet that is gone. */
let oldestTurn = 0;

/** Shows the sheet, with the stroke that is being drawn if there is one, and has it read. */
async function refresh(growing?: Stroke): Promise<void> {
  const turn = ++lastTurn;
  if (!growing) oldestTurn = turn;
  sheetView.show(history.current, growing);
  buttons.undo.disabled = !history.canUndo;
  buttons.redo.disabled = !history.canRedo;
  buttons.clear.disabled = history.isEmpty;
  const isEmpty = history.isEmpty && !growing;
  byId('draw-here').hidden = !isEmpty;
  if (!isLoaded) return;
  result.clearProblem();
  if (isEmpty) {
    result.showSentence(texts.empty);
    return;
  }
  try {
    const reading = await reader.read({ source: currentSource(growing), isCentred: true });
    if (!reading || turn < oldestTurn) return;
    result.showReading(reading);
    const { width, height, prediction } = reading;
    sheetView.showFound({ width, height, boxes: prediction.digits.map(({ box }) => box) });
    // For pages that embed this one, and for tests.
    document.dispatchEvent(new CustomEvent('mnist-onnx:reading', { detail: reading }));
  } catch (error) {
    result.showProblem(error);
  }
}

function currentSource(growing: Stroke | undefined): Source {
  const sheet = history.current;
  if (sheet.kind === 'picture' && !growing) return { kind: 'picture', name: sheet.name, file: sheet.file };
  const strokes = sheet.kind === 'strokes' ? sheet.strokes : [];
  return { kind: 'strokes', strokes: growing ? [...strokes, growing] : strokes };
}

/** Changes the history, then shows where it stands. */
function change(step: () => void): void {
  step();
  void refresh();
}

async function showFile(file: File, name: string): Promise<void> {
  try {
    const picture = await openPicture(file, name);
    change(() => history.showPicture(picture));
  } catch (error) {
    result.showProblem(error);
  }
}

async function load(): Promise<void> {
  result.showSentence(texts.loading);
  try {
    const url = new URL(modelUrl, location.href).href;
    const model = await reader.load({ kind: 'address', name: 'mnist_cnn.onnx', url }, 'wasm');
    result.showModel(model);
    isLoaded = true;
    void refresh();
  } catch (error) {
    result.showSentence(texts.notLoaded);
    result.showProblem(error);
  }
}

watchPen(canvas, {
  onMove: (stroke) => void refresh(stroke),
  onEnd: (stroke) => change(() => history.addStroke(stroke)),
});
watchFiles({
  button: buttons.open,
  input: byId<HTMLInputElement>('file'),
  dropHint: byId('drop'),
  onFile: showFile,
  onNoFile: () => result.showProblem(new UserError(texts.errors.noPicture)),
});
buttons.undo.addEventListener('click', () => change(() => history.undo()));
buttons.redo.addEventListener('click', () => change(() => history.redo()));
buttons.clear.addEventListener('click', () => change(() => history.clear()));
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  change(() => (event.shiftKey ? history.redo() : history.undo()));
});
void load();
