import { messageOf } from '../../core/errors.js';
import { hasCudaProvider, importOnnxRuntime } from '../runtime/index.js';
import { findPackage } from '../tensorflow/packages.js';
import type { Finding } from './check.js';

const OLDEST_NODE = [20, 19] as const;

export async function checkNode(version = process.versions.node): Promise<Finding> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor))
    return { status: 'ok', detail: version };
  return {
    status: 'missing',
    detail: `${version}; ${OLDEST_NODE.join('.')} or newer is needed`,
    fix: 'nvm install 24',
  };
}

export async function checkOnnxRuntimeNode(): Promise<Finding> {
  try {
    const ort = await importOnnxRuntime();
    if (!ort) return { status: 'missing', detail: 'not installed', fix: 'npm install' };
    const bundled = ort.listSupportedBackends().filter((backend) => backend.bundled);
    const providers = [...bundled.map(({ name }) => name), ...(hasCudaProvider() ? ['cuda'] : [])];
    return { status: 'ok', detail: `${ort.env.versions.node}; execution providers: ${providers.join(', ')}` };
  } catch (error) {
    return broken(error);
  }
}

export async function checkOnnxRuntimeWeb(): Promise<Finding> {
  const found = findPackage('onnxruntime-web');
  if (found) return { status: 'ok', detail: found.version };
  return { status: 'missing', detail: 'not installed', fix: 'npm install' };
}

export async function checkSharp(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp');
    return { status: 'ok', detail: `${sharp.versions.sharp ?? 'present'} (libvips ${sharp.versions.vips})` };
  } catch (error) {
    return broken(error);
  }
}

function broken(error: unknown): Finding {
  const [line] = messageOf(error).split('\n');
  return { status: 'missing', detail: `it does not load: ${line}`, fix: 'npm install' };
}
