import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';
import { byId } from '../views/dom.js';

interface CameraEvents {
  readonly onFile: (file: Blob, name: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Takes a photo: with the camera's own app on phones and tablets, elsewhere in a dialog. */
export function watchCamera({ onFile, onError }: CameraEvents): void {
  const dialog = byId<HTMLDialogElement>('camera-dialog');
  const video = byId<HTMLVideoElement>('camera-video');
  const input = byId<HTMLInputElement>('camera-file');

  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file, texts.photo);
    // Else choosing the same photo again would change nothing.
    input.value = '';
  });

  const button = byId<HTMLButtonElement>('camera');
  const take = byId<HTMLButtonElement>('camera-take');
  let isOpening = false;

  button.addEventListener('click', async () => {
    if (matchMedia('(pointer: coarse)').matches) {
      input.click();
      return;
    }
    // A second camera would stay on when the first is closed. A disabled button would lose the keyboard's focus.
    if (isOpening) return;
    isOpening = true;
    try {
      take.disabled = true;
      video.srcObject = await openCamera();
      dialog.showModal();
    } catch (error) {
      onError(error);
    } finally {
      isOpening = false;
    }
  });
  // Until then there is nothing to take.
  video.addEventListener('loadeddata', () => {
    take.disabled = false;
  });

  take.addEventListener('click', async () => {
    try {
      onFile(await grabFrame(video), texts.photo);
    } catch (error) {
      onError(error);
    }
    dialog.close();
  });
  byId('camera-cancel').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    for (const track of (video.srcObject as MediaStream | null)?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  });
}

async function openCamera(): Promise<MediaStream> {
  const { errors } = texts;
  if (!navigator.mediaDevices)
    throw new UserError(isSecureContext ? errors.noCamera : errors.unsafeCamera, {
      hint: errors.noCameraHint,
    });
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 960 } },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'NotAllowedError')
      throw new UserError(errors.cameraRefused, { hint: errors.cameraRefusedHint, cause });
    if (name === 'NotReadableError')
      throw new UserError(errors.cameraInUse, { hint: errors.cameraInUseHint, cause });
    const message = name === 'NotFoundError' ? errors.cameraMissing : errors.noCamera;
    throw new UserError(message, { hint: errors.noCameraHint, cause });
  }
}

async function grabFrame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
