import { DIGIT_CLASSES } from '../../../src/core/dataset/dataset.js';
import type { Box } from '../../../src/core/image.js';
import { sureDigits } from '../../../src/core/prediction.js';
import { CorrectControl } from '../corrections/correct-control.js';
import { CorrectionsView } from '../corrections/corrections-view.js';
import type { Found } from '../drawing/draw-frames.js';
import { Inspection } from '../inspect/inspection.js';
import type { ModelSummary, Reading } from '../reader/protocol.js';
import type { Reader } from '../reader/reader.js';
import { texts } from '../texts.js';
import { Announcer } from './announcer.js';
import { AnswerView } from './answer-view.js';
import { Bars } from './bars.js';
import { DecisionView } from './decision-view.js';
import { byId } from './dom.js';
import { LayersView } from './layers-view.js';
import { SeenView } from './seen-view.js';

interface ReadingEvents {
  /** Where digits were found, and which of them is looked at. */
  readonly onFound: (found: Found) => void;
  readonly onCentring: (isCentred: boolean) => void;
}

/** Everything that is shown of a reading; of several digits, the details of the chosen one. */
export class ReadingView {
  readonly announcer = new Announcer(byId('live'));
  readonly #answer = new AnswerView((sentence) => this.announcer.sayAtRest(sentence));
  readonly #bars = new Bars(byId('bars'), DIGIT_CLASSES);
  readonly #decision = new DecisionView();
  readonly #layers = new LayersView();
  readonly #correct = new CorrectControl((label) => this.#keep(label));
  readonly #corrections = new CorrectionsView({
    onSay: (sentence) => this.announcer.say(sentence),
    onError: (error) => this.showProblem(error),
    onChange: () => this.#showCorrect(),
  });
  readonly #seen: SeenView;
  readonly #inspection: Inspection;
  readonly #onFound: ReadingEvents['onFound'];
  #reading: Reading | undefined;
  #classes: readonly string[] = DIGIT_CLASSES;
  #chosen = 0;

  constructor(reader: Reader, { onFound, onCentring }: ReadingEvents) {
    this.#onFound = onFound;
    this.#seen = new SeenView({ onChoose: (index) => this.choose(index), onCentring });
    this.#inspection = new Inspection({
      reader,
      elements: { layers: byId('layers'), saliency: byId('decision') },
      onLayers: (layers) => this.#layers.show(layers),
      onSaliency: (saliency, pixels) =>
        this.#decision.show(pixels, saliency, this.#classes[saliency.predicted] ?? ''),
      onError: () => this.#layers.showFailure(),
      onChange: (pixels) => {
        this.#decision.clear();
        this.#layers.clear(pixels !== undefined);
      },
    });
  }

  showModel({ classes }: ModelSummary): void {
    this.#classes = classes;
    byId('train-command').textContent = texts.trainCommand(classes);
    this.#bars.setClasses(classes);
    this.#correct.setClasses(classes);
    this.#layers.reset();
    this.#inspection.lookAgain();
  }

  /** Says something else than a reading: that the network is loading, or the sheet is empty. */
  showSentence(sentence: string): void {
    this.#reading = undefined;
    this.#answer.showSentence(sentence);
    this.#showDigit();
  }

  /** Whether a newer reading is on its way. */
  showBusy(isBusy: boolean): void {
    byId('bars').ariaBusy = String(isBusy);
  }

  showReading(reading: Reading): void {
    // The newest digit, until another is chosen.
    this.#chosen = follow(reading, this.#reading, this.#chosen);
    this.#reading = reading;
    this.#answer.showReading(reading.prediction);
    byId('timing').textContent = texts.timing(reading);
    this.#showDigit();
  }

  /** Shows the details of one of several digits. */
  choose(index: number): void {
    this.#chosen = index;
    this.#showDigit();
  }

  showProblem(error: unknown): void {
    this.#answer.showProblem(error);
  }

  clearProblem(): void {
    this.#answer.clearProblem();
  }

  /** The digit that is looked at. */
  get #chosenDigit() {
    const reading = this.#reading;
    const digit = reading?.prediction.digits[this.#chosen]?.digit;
    if (!reading || digit === undefined) return undefined;
    const isSure = sureDigits(reading.prediction)[this.#chosen]!;
    return { digit, isSure, position: this.#chosen + 1, count: reading.seen.length };
  }

  #showDigit(): void {
    const reading = this.#reading;
    const digit = reading?.seen[this.#chosen];
    const chosen = this.#chosenDigit;
    byId('bars-heading').textContent = texts.probabilities(chosen);
    this.#bars.show(digit?.probabilities);
    this.#seen.show(reading, this.#chosen);
    this.#showCorrect();
    this.#inspection.show(digit?.pixels);
    if (reading) this.#onFound(foundIn(reading, this.#chosen));
  }

  #showCorrect(): void {
    const digit = this.#reading?.seen[this.#chosen];
    // A digit that was not cut out would teach a network wrong.
    this.#correct.show(this.#reading?.centred ? undefined : this.#chosenDigit);
    // A digit that is read once more stays corrected.
    const kept = digit && this.#corrections.labelOf(digit.pixels);
    if (kept !== undefined) this.#correct.showKept(kept);
  }

  #keep(label: string): void {
    const digit = this.#reading?.seen[this.#chosen];
    const chosen = this.#chosenDigit;
    if (!digit || !chosen) return;
    this.#corrections.add({ label, read: nameOf(chosen), pixels: digit.pixels });
  }
}

/** The index of the newest digit where there are more than before, else of the one that was looked at. */
function follow({ prediction }: Reading, before: Reading | undefined, chosen: number): number {
  const boxes = prediction.digits.map(({ box }) => box);
  const old = before?.prediction.digits.map(({ box }) => box) ?? [];
  // As a stroke grows, the order of the digits may change.
  const same = boxes.findIndex((box) => areBoxesEqual(box, old[chosen]));
  if (boxes.length <= old.length && same >= 0) return same;
  const newest = boxes.findLastIndex((box) => !old.some((each) => areBoxesEqual(box, each)));
  return newest < 0 ? boxes.length - 1 : newest;
}

function areBoxesEqual(a: Box, b: Box | undefined): boolean {
  return a.x === b?.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** An unsure digit is marked. */
const nameOf = ({ digit, isSure }: { digit: string; isSure: boolean }) => (isSure ? digit : `${digit}?`);

function foundIn({ width, height, prediction }: Reading, chosen: number): Found {
  const sure = sureDigits(prediction);
  const digits = prediction.digits.map(({ box, digit }, i) => ({
    box,
    label: nameOf({ digit, isSure: sure[i]! }),
    isUnsure: !sure[i],
  }));
  return { width, height, digits, chosen };
}
