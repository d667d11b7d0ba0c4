import { UserError } from '../errors.js';
import type { KerasModel } from '../keras/topology.js';
import { type GraphBuilder, uniqueName } from '../onnx/builder.js';
import { type Graph, int } from '../onnx/types.js';
import { LayerContext } from './context.js';
import { renameValues } from './rename.js';
import type { BoundTensor, Value } from './value.js';

/**
 * Which outputs a classifier gets: `logits` or `probabilities` [N, classes] float32, `both` of them, or `class` [N]
 * int64, the index of the largest; `auto` is `both` for a classifier, and leaves any other model its own outputs.
 */
export type OutputKind = 'auto' | 'logits' | 'probabilities' | 'both' | 'class';

interface Options {
  readonly kind: OutputKind;
  readonly isClassifier: boolean;
  readonly layout: 'nchw' | 'nhwc';
  readonly opset: number;
}

interface Output {
  readonly name: string;
  readonly value: Value;
  readonly isOwn: boolean;
  readonly role: BoundTensor['role'];
  readonly index: number;
}

/**
 * Gives a model's outputs their names. A classifier has `logits` and `probabilities`, with the softmax that
 * ends it taken apart or one put on; other models keep their outputs, a single one as `output`.
 */
export function nameOutputs(
  builder: GraphBuilder,
  model: KerasModel,
  values: readonly Value[],
  options: Options,
): { graph: Graph; outputs: BoundTensor[]; endsInSoftmax: boolean; rename(value: Value): Value } {
  const context = new LayerContext(builder, 'output', options.opset, () => undefined);
  const inputs = model.inputs.length === 1 ? ['input'] : model.inputs.map((ref) => ref.layer);
  const wanted =
    classifierOutputs(builder, context, inputs, values, options) ??
    modelOutputs(builder, context, inputs, model, values, options);
  const taken = new Set<string>();
  const distinct = wanted.map((output) => ({
    ...output,
    value: ownValue(builder, context, output.value, taken),
  }));
  const outputs = distinct.map(({ value, ...rest }): BoundTensor => ({ ...value, ...rest }));
  const graph = builder.build(
    model.name,
    distinct.map(({ value: { name, type, shape } }) => ({ name, type, shape })),
  );
  const names = new Map(distinct.map(({ name, value }) => [value.name, name]));
  return {
    graph: renameValues(graph, names),
    outputs,
    endsInSoftmax: values.length === 1 && builder.producer(values[0]!.name)?.op === 'Softmax',
    rename: (value) => ({ ...value, name: names.get(value.name) ?? value.name }),
  };
}

function classifierOutputs(
  builder: GraphBuilder,
  context: LayerContext,
  inputs: readonly string[],
  values: readonly Value[],
  { kind, isClassifier }: Options,
): Output[] | undefined {
  const [value] = values;
  const isVector = values.length === 1 && value!.shape.length === 2 && (value!.shape[1] as number) > 1;
  const softmax = builder.producer(value!.name);
  const endsInSoftmax = softmax?.op === 'Softmax';
  if (!isVector || (kind === 'auto' && !isClassifier && !endsInSoftmax)) {
    if (kind === 'auto') return undefined;
    throw new UserError(`--output ${kind} is for classifiers, which have one output [N, classes]`, {
      exitCode: 2,
    });
  }
  const last = context.plain(value!);
  const logits = endsInSoftmax ? { ...value!, name: softmax.inputs[0]! } : last;
  const logitsPlain = context.plain(logits);
  const probabilities = () =>
    endsInSoftmax ? last : context.op('Softmax', [logitsPlain], { shape: last.shape }, { axis: int(1) });
  // One of several inputs may be called so.
  const free = (name: string) => uniqueName(name, new Set(inputs));
  const all: Record<Exclude<OutputKind, 'auto' | 'both'>, () => Output> = {
    logits: () => ({
      name: free('logits'),
      role: 'logits',
      value: logitsPlain,
      isOwn: !endsInSoftmax,
      index: 0,
    }),
    probabilities: () => ({
      name: free('probabilities'),
      role: 'probabilities',
      value: probabilities(),
      isOwn: endsInSoftmax,
      index: 0,
    }),
    class: () => {
      const result = { shape: [last.shape[0]!], type: 'int64' } as const;
      const attributes = { axis: int(1), keepdims: int(0) };
      return {
        name: free('class'),
        role: 'class',
        value: context.op('ArgMax', [logitsPlain], result, attributes),
        isOwn: false,
        index: 0,
      };
    },
  };
  return kind === 'auto' || kind === 'both' ? [all.logits(), all.probabilities()] : [all[kind]()];
}

function modelOutputs(
  builder: GraphBuilder,
  context: LayerContext,
  inputs: readonly string[],
  model: KerasModel,
  values: readonly Value[],
  { layout }: Options,
): Output[] {
  const names = new Set(inputs);
  return values.map((value, index) => {
    // Images leave as they entered; everything else as in tfjs.
    const isImage = value.shape.length >= 4 && layout === 'nchw';
    const wanted = values.length === 1 ? 'output' : model.outputs[index]!.layer;
    // A layer may be named as what another one makes: with a slash in it.
    const has = (name: string) => names.has(name) || (name !== value.name && builder.has(name));
    const name = uniqueName(wanted, { has });
    names.add(name);
    return { name, value: isImage ? value : context.plain(value), isOwn: true, role: 'value', index };
  });
}

/** The value, or a copy of it where it is an input, a constant, or another output too. */
function ownValue(builder: GraphBuilder, context: LayerContext, value: Value, taken: Set<string>): Value {
  const isFree = builder.producer(value.name) !== undefined && !taken.has(value.name);
  taken.add(value.name);
  return isFree ? value : context.op('Identity', [value], { shape: value.shape });
}
