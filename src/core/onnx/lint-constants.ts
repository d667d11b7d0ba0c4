import { staysInside } from '../relative-path.js';
import type * as pb from './generated/messages.js';
import type { Finding } from './inspect.js';
import { toNumber } from './read.js';
import { DATA_TYPE_NAMES } from './types.js';

/** Constants that lie outside the file, or do not hold what their shapes say. */
export function lintConstants(constants: readonly pb.TensorProto[]): Finding[] {
  const external = constants.filter((tensor) => tensor.dataLocation === 1);
  const places = [...new Set(external.map(placeOf))];
  const outside = places.find((place) => !staysInside(place));
  const lying = constants.filter(isLying);
  const findings: Finding[] = [];
  const add = (level: Finding['level'], message: string) => findings.push({ level, runtime: 'all', message });
  if (outside !== undefined)
    add(
      'error',
      `constants are sought outside the model's folder, at ${outside || 'a place that it does not name'}`,
    );
  if (external.length > 0) {
    const files = places.filter(Boolean).slice(0, 5).join(', ') || 'a file that it does not name';
    add('warning', `${external.length} constants lie outside the file, in ${files}`);
  }
  if (lying.length > 0) {
    const { name, rawData, dims } = lying[0]!;
    add(
      'error',
      `${lying.length} constants do not hold what their shapes say: ${name} has ${rawData?.length ?? 0} bytes for [${(dims ?? []).slice(0, 9).map(toNumber).join(', ')}]`,
    );
  }
  return findings;
}

function placeOf(tensor: pb.TensorProto): string {
  return tensor.externalData?.find((entry) => entry.key === 'location')?.value ?? '';
}

function isLying({ dataType, dims = [], rawData }: pb.TensorProto): boolean {
  const sizes = dims.map(toNumber);
  if (sizes.some((size) => size < 0)) return true;
  const width = elementBytes(DATA_TYPE_NAMES[dataType ?? 0] ?? '');
  if (!rawData?.length || width === undefined) return false;
  return rawData.length !== Math.ceil(sizes.reduce((product, size) => product * size, 1) * width);
}

/** Bytes of one element in raw data; undefined for texts and unknown types. */
function elementBytes(type: string): number | undefined {
  if (/^(u?int4|float4)/.test(type)) return 0.5;
  if (/^(u?int8|bool|float8)/.test(type)) return 1;
  if (/^(u?int16|b?float16)$/.test(type)) return 2;
  if (/^(u?int32|float32)$/.test(type)) return 4;
  if (/^(u?int64|float64|complex64)$/.test(type)) return 8;
  return type === 'complex128' ? 16 : undefined;
}
