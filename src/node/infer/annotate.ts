import type { GrayImage } from '../../core/image.js';
import type { Prediction } from '../../core/prediction.js';
import { writeFileAtomic } from '../files.js';
import { openPicture } from '../images/decode-image.js';
import { captionHeight, drawReading } from './draw-reading.js';
import { outputPath } from './output-path.js';

/** The longer side of annotated pictures, in pixels: larger ones are shrunk, tiny ones enlarged so that letters fit. */
const MAX_SIDE = 2000;
const MIN_SIDE = 480;
/** Pictures of more pixels become JPEG files, others PNG. */
const MAX_PNG_PIXELS = 6e5;

/** A picture with what was read of it. */
export interface AnnotatedPicture {
  readonly prediction: Prediction;
  /** Its file's bytes. */
  readonly bytes: Uint8Array;
  /** What the reader saw; stands in for pictures with transparent parts. */
  readonly image: GrayImage;
  /** The picture's own size, upright. */
  readonly width: number;
  readonly height: number;
}

/**
 * Writes a picture with boxes, readings and probabilities drawn on it below `folder`, under the picture's own path.
 *
 * @returns the file's path
 * @throws UserError if it cannot be written.
 */
export async function saveAnnotated(folder: string, picture: AnnotatedPicture): Promise<string> {
  const { default: sharp } = await import('../images/sharp.js');
  const { prediction, bytes, image } = picture;
  const longer = Math.max(picture.width, picture.height);
  const scale = longer > MAX_SIDE ? MAX_SIDE / longer : Math.max(1, Math.ceil(MIN_SIDE / longer));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const opened = await openPicture(bytes);
  const { hasAlpha } = await opened.metadata();
  const raw = { width: image.width, height: image.height, channels: 1 } as const;
  const ground = hasAlpha ? sharp(image.data, { raw }) : opened.autoOrient();
  const svg = drawReading(prediction, {
    width,
    height,
    scaleX: width / picture.width,
    scaleY: height / picture.height,
  });
  const drawn = ground
    // Enlarged pixels stay square: what the model was given can be seen.
    .resize(width, height, { fit: 'fill', kernel: scale > 1 ? 'nearest' : 'lanczos3' })
    .toColourspace('srgb')
    .extend({ bottom: captionHeight(width), background: '#ffffff' })
    .composite([{ input: Buffer.from(svg) }]);
  const isPng = width * height <= MAX_PNG_PIXELS;
  const path = outputPath(folder, prediction.file, isPng ? '.png' : '.jpg');
  await writeFileAtomic(path, await (isPng ? drawn.png() : drawn.jpeg({ quality: 85 })).toBuffer());
  return path;
}
