import { messageOf, UserError } from '../../core/errors.js';
import type { Box } from '../../core/image.js';
import type { ModelInfo } from '../../core/model-info.js';
import { type Prediction, toFailure } from '../../core/prediction.js';
import {
  type DigitSearch,
  type DigitSegment,
  findDigits,
  type ImageReading,
  type ReadOptions,
  readSearches,
} from '../../core/read/index.js';
import type { InferenceSession } from '../../core/session.js';
import { type DecodedImage, decodePlain, decodeReduced } from '../images/decode-image.js';
import { readImageFile } from '../images/read-image-file.js';
import type { AnnotatedPicture } from './annotate.js';
import type { ImageSource } from './chunk-inputs.js';
import { ENDED } from './ended.js';

/** How images are read; plain values, so that a thread can be told. */
export interface ReaderOptions extends ReadOptions {
  readonly info: ModelInfo;
  readonly segment: DigitSegment;
  /** Where the 28x28 pictures that the model sees are written, if anywhere. */
  readonly saveInputsDir?: string | undefined;
  /** Where the images are written with what was read drawn on them, if anywhere. */
  readonly annotateDir?: string | undefined;
}

/** Reads images from their files to their records, in the given order. */
export type Reader = (sources: readonly ImageSource[]) => Promise<Prediction[]>;

/** The search for digits needs no more pixels along an image's longer side. */
export const SEARCH_SIDE = 1000;

/** An image whose digits were sought, or why it could not be read. */
type Searched = { readonly file: string } & (
  | {
      readonly search: DigitSearch;
      /** The image's own pixels per pixel that was searched. */
      readonly scale: { readonly x: number; readonly y: number };
      /** What is kept to be drawn on. */
      readonly picture: Omit<AnnotatedPicture, 'prediction'> | undefined;
      readonly error?: undefined;
    }
  | { readonly error: string }
);
type Found = Extract<Searched, { search: DigitSearch }>;

/** A session, or a function that makes one when it is first needed. */
export type SessionSource = InferenceSession | (() => Promise<InferenceSession>);

/**
 * Makes the function that reads images with a model. An image that cannot be read gives an `error` record and
 * stops nothing.
 *
 * @param session made once the first images are decoded: another thread may be loading the runtime meanwhile
 * @param isEnded asked between images; once it says so, the function throws
 * @throws UserError, from the function, if a picture that was asked for cannot be written.
 */
export function createReader(
  session: SessionSource,
  options: ReaderOptions,
  isEnded: () => boolean = () => false,
): Reader {
  let made: Promise<InferenceSession> | undefined;
  const open = () => {
    made ??= typeof session === 'function' ? session() : Promise.resolve(session);
    return made;
  };
  const savesPictures = options.saveInputsDir !== undefined || options.annotateDir !== undefined;
  const checkEnd = () => {
    if (isEnded()) throw new Error(ENDED);
  };
  return async (sources) => {
    const images: Searched[] = [];
    for (const { file, bytes: given, error } of sources) {
      checkEnd();
      try {
        if (error !== undefined) throw new UserError(error);
        const bytes = given ?? readImageFile(file);
        // Nearly all small images are plain, and a promise for each takes time and memory.
        const decoded = decodePlain(bytes) ?? (await decodeReduced(bytes, SEARCH_SIDE));
        images.push(searchImage(file, bytes, decoded, options));
      } catch (cause) {
        if (!(cause instanceof UserError)) throw cause;
        images.push({ file, error: messageOf(cause) });
      }
    }
    const found = images.filter((image): image is Found => image.error === undefined);
    const readings = await readSearches(
      await open(),
      options.info,
      found.map(({ search }) => search),
      options,
    );
    const predictions: Prediction[] = [];
    let next = 0;
    for (const image of images) {
      if (image.error !== undefined) {
        predictions.push(toFailure(image.file, image.error));
        continue;
      }
      const { prediction: searched, crops } = readings[next++]!;
      const prediction = inOwnPixels(searched, image);
      if (savesPictures) {
        checkEnd();
        await savePictures(image, { prediction, crops }, options);
      }
      predictions.push(prediction);
    }
    return predictions;
  };
}

/** An image's record, with boxes in the image's own pixels. */
function inOwnPixels(
  { text, status, digits: searched, error }: Prediction,
  { file, scale }: Found,
): Prediction {
  const isScaled = scale.x !== 1 || scale.y !== 1;
  const digits = isScaled
    ? searched.map((digit) => ({ ...digit, box: scaleBox(digit.box, scale) }))
    : searched;
  return { file, text, status, digits, error };
}

/** Writes the pictures that were asked for. */
async function savePictures(
  { file, picture }: Found,
  { prediction, crops }: Pick<ImageReading, 'prediction' | 'crops'>,
  { saveInputsDir, annotateDir }: ReaderOptions,
): Promise<void> {
  if (saveInputsDir !== undefined) {
    const { saveInputs } = await import('./save-input.js');
    await saveInputs(saveInputsDir, file, crops);
  }
  if (annotateDir !== undefined) {
    const { saveAnnotated } = await import('./annotate.js');
    await saveAnnotated(annotateDir, { ...picture!, prediction });
  }
}

function searchImage(
  file: string,
  bytes: Uint8Array,
  { image, width, height }: DecodedImage,
  { segment, annotateDir }: ReaderOptions,
): Searched {
  const scale = { x: width / image.width, y: height / image.height };
  const picture = annotateDir === undefined ? undefined : { bytes, image, width, height };
  return { file, search: findDigits(image, { segment }), scale, picture };
}

/** The smallest box of whole pixels round the enlarged one. */
function scaleBox({ x, y, width, height }: Box, scale: { x: number; y: number }): Box {
  const [left, top] = [Math.floor(x * scale.x), Math.floor(y * scale.y)];
  const [right, bottom] = [Math.ceil((x + width) * scale.x), Math.ceil((y + height) * scale.y)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}
