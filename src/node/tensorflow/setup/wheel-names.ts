/** The versions of TensorFlow whose C API tfjs-node's binding was tested with: from, and below. */
const TESTED_VERSIONS = { from: '2.19', below: '2.22' };

/** A wheel on Python's package index, and the SHA-256 of the file. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const VERSION = '2.21.0';
const WHEELS: Record<string, Wheel> = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    version: VERSION,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  },
  'linux-arm64': {
    name: 'tensorflow',
    version: VERSION,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  },
  'darwin-arm64': {
    name: 'tensorflow',
    version: VERSION,
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
  },
};

/** The wheel that holds TensorFlow's C library for a platform, or `undefined` where none does. */
export function wheelFor(platform: NodeJS.Platform, arch: string): Wheel | undefined {
  return WHEELS[`${platform}-${arch}`];
}

/** The names of the two libraries in a wheel, which are also the names that the loader looks for. */
export function libraryNames(platform: NodeJS.Platform): readonly [string, string] {
  return platform === 'darwin'
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
}

export function isTestedVersion(version: string): boolean {
  return (
    compareVersions(version, TESTED_VERSIONS.from) >= 0 && compareVersions(version, TESTED_VERSIONS.below) < 0
  );
}

/** The version in a wheel's file name, `NAME-VERSION-PYTHON-ABI-PLATFORM.whl`. */
export function wheelVersion(fileName: string): string | undefined {
  return /^[^-]+-(\d+(?:\.\d+)*)-.*\.whl$/.exec(fileName)?.[1];
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(x!.length, y!.length); i++) {
    const difference = (x![i] ?? 0) - (y![i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
