import { staysInside } from '../relative-path.js';
import type { Finding } from './finding.js';
import type * as pb from './generated/messages.js';
import { toNumber } from './read.js';
import { DATA_TYPE_NAMES } from './types.js';

/** Constants that lie outside the file, do not hold what their shapes say, or hold what is no number. */
export function lintConstants(constants: readonly pb.TensorProto[]): Finding[] {
  const external = constants.filter((tensor) => tensor.dataLocation === 1);
  const places = [...new Set(external.map(placeOf))];
  const outside = places.find((place) => !staysInside(place));
  const lying = constants.filter(isLying);
  const broken = constants.filter(holdsNotFinite);
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
  if (broken.length > 0) {
    add(
      'warning',
      `${broken.length} constants hold NaN or infinite numbers, the first is ${broken[0]!.name}`,
    );
  }
  return findings;
}

/** The exponent's place in the upper 16 bits of a number, all ones in what is NaN or infinite. */
const EXPONENTS: Readonly<Record<string, number>> = {
  float16: 0x7c00,
  bfloat16: 0x7f80,
  float32: 0x7f80,
  float64: 0x7ff0,
};

function holdsNotFinite({ dataType, rawData, floatData, doubleData, int32Data }: pb.TensorProto): boolean {
  const type = DATA_TYPE_NAMES[dataType ?? 0] ?? '';
  const exponent = EXPONENTS[type];
  if (exponent === undefined) return false;
  const isAllOnes = (upper: number) => (upper & exponent) === exponent;
  const isNotFinite = (value: number) => !Number.isFinite(value);
  if (floatData?.some(isNotFinite) || doubleData?.some(isNotFinite)) return true;
  // Numbers of 16 bits stand there as their bits.
  if (int32Data?.some(isAllOnes)) return true;
  const width = elementBytes(type)!;
  for (let end = width; end <= (rawData?.length ?? 0); end += width) {
    if (isAllOnes((rawData![end - 1]! << 8) | rawData![end - 2]!)) return true;
  }
  return false;
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
