import { messageOf } from '../../core/errors.js';
import { findForeignFiles, locateMnist } from '../dataset/locate.js';
import { silentReporter } from '../reporter.js';
import { openModel, resolveModelPath } from '../runtime/index.js';
import type { Finding } from './check.js';

export async function checkMnist(): Promise<Finding> {
  const found = await locateMnist();
  if (!found) {
    return {
      status: 'limited',
      detail: 'not here; training downloads it, or takes synthetic digits where it cannot',
      fix: 'npx mnist-onnx train --dataset mnist',
    };
  }
  const { folder, paths } = found;
  // A damaged set is never replaced silently: training stops at it.
  const damaged = (reason: string): Finding => ({
    status: 'missing',
    detail: `${folder}: ${reason}`,
    fix: `rm ${Object.values(paths)
      .map((path) => `'${path}'`)
      .join(' ')}`,
  });
  try {
    const foreign = await findForeignFiles(paths);
    if (foreign.length > 0) return damaged(`not MNIST by its checksum: ${foreign.join(', ')}`);
    return { status: 'ok', detail: `${folder}, checksums right` };
  } catch (error) {
    return damaged(messageOf(error));
  }
}

const MAKE_MODEL = 'npx mnist-onnx train && npx mnist-onnx export mnist_cnn.onnx';

export async function checkModel(): Promise<Finding> {
  let path: string;
  try {
    ({ path } = resolveModelPath());
  } catch {
    return { status: 'missing', detail: 'none yet', fix: MAKE_MODEL };
  }
  try {
    const { info, session } = await openModel({ device: 'cpu', reporter: silentReporter });
    await session.release();
    const accuracy = info.testAccuracy;
    const measured = accuracy === undefined ? '' : `, test accuracy ${(accuracy * 100).toFixed(2)}%`;
    return { status: 'ok', detail: `${path}${measured}` };
  } catch (error) {
    return { status: 'missing', detail: messageOf(error).split('\n')[0]!, fix: MAKE_MODEL };
  }
}
