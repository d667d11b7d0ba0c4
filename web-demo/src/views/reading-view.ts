import { DIGIT_CLASSES } from '../../../src/core/dataset/dataset.js';
import { sureDigits } from '../../../src/core/prediction.js';
import { CorrectControl } from '../corrections/correct-control.js';
import { CorrectionsView } from '../corrections/corrections-view.js';
import type { Found } from '../drawing/draw-frames.js';
import { arePixelsEqual } from '../inspect/are-pixels-equal.js';
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
  });
  readonly #seen: SeenView;
  readonly #inspection: Inspection;
  readonly #onFound: ReadingEvents['onFound'];
  #reading: Reading | undefined;
  #chosen = 0;
  /** The digit that was corrected last. */
  #kept: { readonly pixels: Uint8Array; readonly label: string } | undefined;

  constructor(reader: Reader, { onFound, onCentring }: ReadingEvents) {
    this.#onFound = onFound;
    this.#seen = new SeenView({ onChoose: (index) => this.choose(index), onCentring });
    this.#inspection = new Inspection({
      reader,
      elements: { layers: byId('layers'), saliency: byId('decision') },
      onLayers: (layers) => this.#layers.show(layers),
      onSaliency: (saliency, pixels) => this.#decision.show(pixels, saliency, this.#chosenDigit),
      onError: () => this.#layers.showFailure(),
    });
  }

  showModel({ classes }: ModelSummary): void {
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
    if (reading.seen.length !== this.#reading?.seen.length) this.#chosen = reading.seen.length - 1;
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

  get #chosenDigit(): string {
    return this.#reading?.prediction.digits[this.#chosen]?.digit ?? '';
  }

  #showDigit(): void {
    const reading = this.#reading;
    const digit = reading?.seen[this.#chosen];
    const chosen = digit && {
      digit: this.#chosenDigit,
      position: this.#chosen + 1,
      count: reading!.seen.length,
    };
    byId('bars-heading').textContent = texts.probabilities(chosen);
    this.#bars.show(digit?.probabilities);
    this.#seen.show(reading, this.#chosen);
    // A digit that was not cut out would teach a network wrong.
    this.#correct.show(reading?.centred ? undefined : chosen);
    // A digit that is read once more stays corrected.
    if (this.#kept && arePixelsEqual(digit?.pixels, this.#kept.pixels))
      this.#correct.showKept(this.#kept.label);
    this.#inspection.show(digit?.pixels);
    if (!digit) {
      this.#decision.clear();
      this.#layers.clear();
    }
    if (reading) this.#onFound(foundIn(reading, this.#chosen));
  }

  #keep(label: string): void {
    const digit = this.#reading?.seen[this.#chosen];
    if (!digit) return;
    const isKept = this.#corrections.add({ label, read: this.#chosenDigit, pixels: digit.pixels });
    if (!isKept) return;
    this.#kept = { pixels: digit.pixels, label };
    this.#correct.showKept(label);
  }
}

function foundIn({ width, height, prediction }: Reading, chosen: number): Found {
  const sure = sureDigits(prediction);
  const digits = prediction.digits.map(({ box, digit }, i) => ({
    box,
    label: sure[i] ? digit : `${digit}?`,
    isUnsure: !sure[i],
  }));
  return { width, height, digits, chosen };
}
