import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deflateSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  artifactsFromJson,
  convertArtifacts,
  type ModelArtifacts,
  weightPaths,
} from '../src/core/convert/index.js';
import { drawDigitOnCanvas, generateSynthetic } from '../src/core/dataset/synthetic/index.js';
import { UserError } from '../src/core/errors.js';
import { joinImagesAndLabels, parseIdx } from '../src/core/idx.js';
import { decodeWeights } from '../src/core/keras/weights.js';
import { fromMetadata, toMetadata } from '../src/core/model-info.js';
import { onnx } from '../src/core/onnx/generated/codec.js';
import type * as pb from '../src/core/onnx/generated/messages.js';
import { inspectOnnx, readOnnx } from '../src/core/onnx/index.js';
import { scanMetadata } from '../src/core/onnx/scan-metadata.js';
import { tapConvolutions } from '../src/core/onnx/tap-convolutions.js';
import type { Prediction } from '../src/core/prediction.js';
import { calibrationTargets, RangeCollector, toFloat16, toInt8 } from '../src/core/quantize/index.js';
import { createRandom } from '../src/core/random.js';
import { parseTrainingRecord } from '../src/core/training-record.js';
import { decompress } from '../src/node/dataset/read-idx.js';
import { parseCsv } from '../src/node/eval/parse-csv.js';
import { decodePlainPng } from '../src/node/images/plain-png.js';
import { createFormatter } from '../src/node/infer/output-format.js';
import { formatInspection } from '../src/node/inspect/format-inspection.js';
import { decodeCheckpoint } from '../src/node/train/checkpoint.js';
import { greyPng } from '../test/grey-png.js';
import { mutatedBytes, mutatedTree } from './mutations.js';
import * as seeds from './seeds.js';

/** A parser of ours with the inputs that it is tried on. */
export interface Target {
  readonly name: string;
  /** Its part of all cases; the fast ones get the most. */
  readonly share: number;
  readonly input: fc.Arbitrary<unknown>;
  /** Throws what the parser throws, or an error of its own where a result cannot be right. */
  run(input: never): unknown;
}

function target<T>(name: string, share: number, input: fc.Arbitrary<T>, run: (input: T) => unknown): Target {
  return { name, share, input, run };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

function readIdx(bytes: Uint8Array): void {
  const array = parseIdx(bytes, 'x');
  assert(array.data.length === array.shape.reduce((a, b) => a * b, 1), 'the data is not what the shape says');
  const labels = { shape: [2], data: Uint8Array.of(1, 2) };
  const images = joinImagesAndLabels(array, labels, { images: 'x', labels: 'l' });
  assert(images.pixels.length === images.count * 784, 'images of another size');
}

/** What `inspect`, `eval` and `infer` make of a foreign file. */
function readModel(bytes: Uint8Array): void {
  const scanned = scanMetadata(bytes);
  if (scanned) fromMetadata(scanned);
  const model = readOnnx(bytes, 'x');
  const isAlike = scanned === undefined || isDeepStrictEqual(scanned, model.metadata);
  assert(isAlike, 'the metadata that is found is not what the decoder finds');
  const printed = formatInspection('x', inspectOnnx(model), { maxNodes: 1000 });
  assert(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(printed), 'a control character is printed');
  fromMetadata(model.metadata);
  tapConvolutions(bytes, 4);
}

function encodeModel(message: pb.ModelProto): Uint8Array | undefined {
  try {
    return onnx.ModelProto.encode(message).finish();
  } catch {
    // Nothing that a file could hold: a text where a message belongs.
    return undefined;
  }
}

/** Converts, in all precisions; what comes out must be read back, and loads for all that we know. */
function convert(damaged: Partial<ModelArtifacts> | null, weightData: Uint8Array): void {
  const manifest = [{ paths: ['w.bin'], weights: damaged?.weightSpecs }];
  const json = damaged && { ...damaged, weightsManifest: manifest };
  weightPaths(json);
  const { graph, bytes, write } = convertArtifacts(artifactsFromJson(json, weightData));
  const findings = inspectOnnx(readOnnx(bytes)).findings.filter(({ level }) => level === 'error');
  assert(findings.length === 0, `the converted model has an error: ${findings[0]?.message}`);
  const ranges = new Map(calibrationTargets(graph).map((name) => [name, { min: -1, max: 2 }]));
  readOnnx(write(toInt8(graph, ranges)));
  readOnnx(write(toFloat16(graph, { keepIoTypes: true })));
}

const WEIGHTS = seeds.ARTIFACTS.map((artifacts) => ({
  specs: artifacts.weightSpecs,
  data: new Uint8Array(artifacts.weightData as ArrayBuffer),
}));
const damagedModel = fc.oneof(
  ...seeds.ARTIFACTS.map(({ modelTopology, weightSpecs, format }, i) =>
    mutatedTree([{ modelTopology, weightSpecs, format }]).map((json) => ({ json, data: WEIGHTS[i]!.data })),
  ),
);

/** The checkpoint's header changed, and the digest made to fit again, as only an attacker does. */
const HEADER_START = 20;
function sealed(body: Uint8Array): Uint8Array {
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}
function withHeader(header: unknown): Uint8Array {
  const json = utf8(JSON.stringify(header) ?? '');
  const prefix = Buffer.from(seeds.CHECKPOINT_FILE.subarray(0, HEADER_START));
  prefix.writeUInt32LE(json.length, HEADER_START - 4);
  const arrays = seeds.CHECKPOINT_FILE.subarray(HEADER_START + headerLength(), -32);
  return sealed(Buffer.concat([prefix, json, arrays]));
}
function headerLength(): number {
  return Buffer.from(seeds.CHECKPOINT_FILE).readUInt32LE(HEADER_START - 4);
}
const CHECKPOINT_HEADER = JSON.parse(
  text(seeds.CHECKPOINT_FILE.subarray(HEADER_START, HEADER_START + headerLength())),
);

function checkTrainingRecord(json: string): void {
  const { history, test, dataset } = parseTrainingRecord(json, 'x');
  for (const epoch of history) {
    for (const score of [epoch.training, epoch.validation, epoch.test, test])
      assert(typeof score.loss === 'number' && typeof score.accuracy === 'number', 'a score is no number');
  }
  const classes = dataset.classes;
  assert(
    classes.every((name) => typeof name === 'string'),
    'a class without a name',
  );
}

/** With what its texts hold as trees, so that these are damaged too. */
const METADATA: Record<string, unknown> = Object.fromEntries(
  Object.entries(seeds.METADATA).map(([key, value]) => [
    key,
    /^[[{\d]/.test(value) ? JSON.parse(value) : value,
  ]),
);

function readMetadata(entries: Record<string, unknown>): void {
  const metadata = Object.fromEntries(
    Object.entries(entries ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    ]),
  );
  const info = fromMetadata(metadata);
  if (!info) return;
  assert(fromMetadata(toMetadata(info)) !== undefined, 'what was read cannot be written');
  const texts = [...info.classes, ...Object.values(info.versions ?? {})];
  assert(
    texts.every((entry) => typeof entry === 'string'),
    'a text that is none',
  );
}

const strangeNumber = fc.oneof(
  fc.integer({ min: -2, max: 60 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, 1e308),
);
/** Mostly a number that may be given, so that all of a record's numbers often are. */
const mostly = (allowed: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 9, arbitrary: allowed }, { weight: 1, arbitrary: strangeNumber });
const size = mostly(fc.integer({ min: 1, max: 60 }));
const digitOptions = fc.record(
  {
    digit: mostly(fc.integer({ min: 0, max: 9 })),
    penWidth: mostly(fc.double({ min: 0.001, max: 1, noNaN: true })),
    stray: mostly(fc.double({ min: 0, max: 10, noNaN: true })),
    width: size,
    height: size,
    box: fc.record({ x: size, y: size, width: size, height: size }),
  },
  { requiredKeys: ['digit', 'width', 'height', 'box'] },
);

const name = fc.string({ unit: 'binary', maxLength: 12 });
const digit = fc.record({
  digit: name,
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  topK: fc.constant([{ digit: '7', probability: 1 }]),
  box: fc.constant({ x: 0, y: 0, width: 3, height: 4 }),
});
const prediction = fc.record({
  file: name,
  text: name,
  status: fc.constantFrom('ok', 'unsure', 'blank', 'error'),
  digits: fc.array(digit, { maxLength: 3 }),
  error: fc.option(name),
}) as unknown as fc.Arbitrary<Prediction>;

/** Whatever names hold, each record stays one, and no terminal acts on it. */
function printPrediction(record: Prediction): void {
  const csv = createFormatter('csv');
  const [head, row, ...more] = parseCsv(csv.head + csv.line(record));
  assert(more.length === 0 && row?.length === head?.length, 'a CSV record is not one row');
  assert(row?.[0] === record.file && row[1] === record.text, 'a CSV field does not come back');
  const ndjson = createFormatter('ndjson').line(record);
  assert(ndjson.indexOf('\n') === ndjson.length - 1, 'an NDJSON record is not one line');
  const table = createFormatter('table').line(record);
  assert(!/[\p{Cc}\u202e]/u.test(table.slice(0, -1)), 'a control character is printed');
}

function collectRanges([values, method]: readonly [Float32Array, 'minmax' | 'percentile' | 'entropy']): void {
  const collector = new RangeCollector();
  collector.add(values);
  const { min, max } = collector.range(method);
  assert(min <= 0 && max >= 0, 'a range without 0');
}

/** The decoder of small PNG files takes what zlib takes, and makes the same of it. */
function inflatePng(deflated: Uint8Array): void {
  const { rows, length } = inflateWithZlib(deflated);
  const sum = deflateSync(rows).subarray(-4);
  const stream = Buffer.concat([Buffer.from([0x78, 0x9c]), deflated, sum]);
  const decoded = decodePlainPng(greyPng(stream, { width: Math.max(1, rows.length - 1), height: 1 }));
  if (decoded) {
    assert(length === deflated.length, 'what zlib refuses was taken');
    assert(
      rows[0] !== 0 || rows.subarray(1).equals(new Uint8Array(decoded.data)),
      'other pixels than zlib gives',
    );
    return;
  }
  assert(length !== deflated.length || rows.length < 2 || rows[0]! > 4, 'what zlib takes was refused');
  throw new UserError('refused');
}

/** What zlib makes of a stream, and how much of it it takes; -1 where it refuses it. */
function inflateWithZlib(deflated: Uint8Array): { rows: Buffer; length: number } {
  try {
    const options = { info: true, maxOutputLength: 500_000 };
    const { buffer, engine } = inflateRawSync(deflated, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { rows: buffer, length: engine.bytesWritten };
  } catch {
    return { rows: Buffer.alloc(900), length: -1 };
  }
}

export const TARGETS: readonly Target[] = [
  target('IDX', 20, mutatedBytes(seeds.IDX_FILES), readIdx),
  target('gzip', 8, mutatedBytes(seeds.GZIP_FILES), async (bytes) => readIdx(await decompress(bytes, 'x'))),
  target('PNG', 8, mutatedBytes(seeds.DEFLATED), inflatePng),
  target('ONNX, bytes', 8, mutatedBytes(seeds.ONNX_FILES), readModel),
  target(
    'ONNX, structure',
    3,
    mutatedTree(seeds.ONNX_FILES.map((file) => onnx.ModelProto.decode(file))),
    (tree) => {
      const bytes = encodeModel(tree);
      if (bytes) readModel(bytes);
    },
  ),
  target('ONNX metadata', 12, mutatedTree([METADATA]), readMetadata),
  target('model.json', 2, damagedModel, ({ json, data }) => convert(json, data)),
  target('weights', 8, mutatedTree(WEIGHTS), (tree) =>
    decodeWeights(tree?.specs, tree?.data instanceof Uint8Array ? tree.data : new Uint8Array()),
  ),
  target('checkpoint, bytes', 8, mutatedBytes([seeds.CHECKPOINT_FILE]), (bytes) =>
    decodeCheckpoint(bytes, 'x'),
  ),
  target('checkpoint, sealed', 6, mutatedBytes([seeds.CHECKPOINT_FILE.subarray(0, -32)]), (body) =>
    decodeCheckpoint(sealed(body), 'x'),
  ),
  target('checkpoint, header', 6, mutatedTree([CHECKPOINT_HEADER]), (header) =>
    decodeCheckpoint(withHeader(header), 'x'),
  ),
  target('training.json', 10, mutatedTree([seeds.TRAINING_RECORD]), (tree) =>
    checkTrainingRecord(JSON.stringify(tree) ?? ''),
  ),
  target('labels.csv', 12, mutatedBytes([utf8(seeds.LABELS_CSV)]), (bytes) => parseCsv(text(bytes))),
  target('printed records', 8, prediction, printPrediction),
  target(
    'ranges of int8',
    0.3,
    fc.tuple(fc.float32Array({ maxLength: 40 }), fc.constantFrom('minmax', 'percentile', 'entropy')),
    collectRanges,
  ),
  target('synthetic digits', 1, digitOptions, (options) =>
    drawDigitOnCanvas({ ...options, random: createRandom(1) }),
  ),
  target('synthetic sets', 0.3, fc.record({ seed: size, count: size, part: size }), (options) => {
    const { count, pixels } = generateSynthetic(options);
    assert(pixels.length === count * 784, 'another number of images');
  }),
];
