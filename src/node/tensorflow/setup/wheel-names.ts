/** The versions of TensorFlow whose C API tfjs-node's binding was tested with: from, and below. */
export const TESTED_VERSIONS = { from: '2.19', below: '2.22' };

/** The wheel that holds TensorFlow's C library for a platform, or `undefined` where none does. */
export function wheelFor(platform: NodeJS.Platform, arch: string): string | undefined {
  const wheels: Record<string, string> = {
    'linux-x64': 'tensorflow-cpu',
    'linux-arm64': 'tensorflow',
    'darwin-arm64': 'tensorflow',
  };
  return wheels[`${platform}-${arch}`];
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
