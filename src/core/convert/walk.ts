import { UserError } from '../errors.js';
import { type KerasModel, type ModelLayer, parseTopology, type TensorRef } from '../keras/topology.js';
import type { GraphBuilder } from '../onnx/builder.js';
import { castInputs } from './cast-inputs.js';
import { type InnerConverter, LayerContext } from './context.js';
import { checkInputs } from './input-spec.js';
import { readInner } from './layers/recurrent/recurrent.js';
import { dropInnerMasks, giveMask, type MaskState, takeMask } from './masks.js';
import { type Problem, Refusal } from './problems.js';
import { type Entry, REGISTRY } from './registry.js';
import type { Value } from './value.js';
import type { WeightIndex } from './weight-index.js';

/** What one call of a layer made. */
export interface LayerTrace {
  /** The layer's name; within a nested model after the model's, `outer/inner`. */
  readonly layer: string;
  readonly className: string;
  /** Which of the layer's calls, from 0; a shared layer has several. */
  readonly call: number;
  /** The layer's outputs. */
  readonly values: readonly Value[];
}

export interface WalkState extends MaskState {
  readonly graph: GraphBuilder;
  readonly opset: number;
  readonly weights: WeightIndex;
  readonly problems: Problem[];
  readonly trace: LayerTrace[];
}

/**
 * Converts a model's calls, each after those that it needs, and returns the values of its outputs; undefined
 * stands for those that hang on a layer with a problem.
 *
 * @param inputs the values of the model's inputs.
 * @param prefix the path of the models around it, ending in `/`, or empty.
 */
export function convertCalls(
  model: KerasModel,
  inputs: readonly (Value | undefined)[],
  prefix: string,
  state: WalkState,
): (Value | undefined)[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const done = new Map<string, readonly (Value | undefined)[]>();
  for (const [i, ref] of model.inputs.entries()) done.set(keyOf(ref), [inputs[i]]);

  for (const ref of callOrder(model, layers, new Set(done.keys()))) {
    const layer = layers.get(ref.layer)!;
    const arguments_ = (layer.calls[ref.call] ?? []).map((input) => tensorOf(input));
    done.set(keyOf(ref), convertCall(layer, ref.call, arguments_, prefix, state));
  }
  return model.outputs.map(tensorOf);

  function tensorOf(ref: TensorRef): Value | undefined {
    const values = done.get(keyOf(ref))!;
    // Of a layer with a problem nothing is known.
    if (values.length > 0 && ref.output >= values.length) {
      throw new UserError(
        `the model topology refers to output ${ref.output} of ${ref.layer}, which has ${values.length}`,
      );
    }
    return values[ref.output];
  }
}

const keyOf = ({ layer, call }: TensorRef) => `${layer}:${call}`;

/** The calls that the outputs need, each after its inputs; those in `known` are there already. */
function callOrder(
  model: KerasModel,
  layers: ReadonlyMap<string, ModelLayer>,
  known: Set<string>,
): TensorRef[] {
  const order: TensorRef[] = [];
  const open = new Set<string>();
  // Depth first without recursion: a deep model must not end the stack.
  const stack = [...model.outputs].reverse().map((ref) => ({ ref, isEntered: false }));
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const key = keyOf(top.ref);
    if (known.has(key) || top.isEntered) {
      stack.pop();
      if (!known.has(key)) order.push(top.ref);
      known.add(key);
      open.delete(key);
      continue;
    }
    if (open.has(key))
      throw new UserError(`the model topology has a circle through the layer ${top.ref.layer}`);
    open.add(key);
    top.isEntered = true;
    const inputs = layers.get(top.ref.layer)!.calls[top.ref.call] ?? [];
    for (const ref of [...inputs].reverse()) {
      if (!known.has(keyOf(ref))) stack.push({ ref, isEntered: false });
    }
  }
  return order;
}

function convertCall(
  node: ModelLayer,
  call: number,
  inputs: readonly (Value | undefined)[],
  prefix: string,
  state: WalkState,
): readonly (Value | undefined)[] {
  const path = prefix + node.name;
  if (node.kind === 'model') {
    if (inputs.length !== node.model.inputs.length) {
      throw new UserError(
        `the model topology gives the model ${path} ${inputs.length} inputs, not ${node.model.inputs.length}`,
      );
    }
    if (node.isBeginning) return convertCalls(node.model, inputs, `${path}/`, state);
    const values = convertCalls(node.model, inputs, `${path}/`, { ...state, isNested: true });
    return dropInnerMasks(inputs, values);
  }
  if (node.kind !== 'layer' || inputs.length === 0) {
    // Named by `findProblems`, or an input that nothing feeds.
    if (node.kind === 'unknown') return [];
    throw new UserError(`the model topology leaves ${path} without an input`);
  }
  const entry: Entry = REGISTRY[node.layer.class_name] as Entry;
  if (!('convert' in entry) || inputs.some((input) => input === undefined)) return [];
  const className = node.layer.class_name;
  try {
    const inner = innerConverter(state);
    const context = new LayerContext(state.graph, path, state.opset, state.weights.of(node.name), inner);
    checkInputs(node.layer, inputs as readonly Value[], context);
    const masked = takeMask(node.layer, inputs as readonly Value[], context, state);
    const given = castInputs(node.layer, masked, context);
    const result = entry.convert(node.layer, given, context);
    const values: readonly Value[] = Array.isArray(result) ? result : [result];
    state.trace.push({ layer: path, className, call, values });
    return giveMask(node.layer, given, values, context, state);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    state.problems.push({ layer: path, className, reason: error.message });
    return [];
  }
}

function refusalOf(entry: Entry): string | undefined {
  if ('convert' in entry) return undefined;
  return 'refused' in entry ? entry.refused : entry.insideOnly;
}

/** Converts the layer, or the whole model, that a wrapper holds. */
function innerConverter(state: WalkState): InnerConverter {
  return ({ class_name, config }, inputs, context) => {
    if (class_name === 'Sequential' || class_name === 'Model' || class_name === 'Functional') {
      const model = parseTopology({ class_name, config });
      const problems = findProblems(model, `${context.scope}/`);
      if (problems.length > 0)
        context.refuse(problems.map(({ layer, reason }) => `${layer}: ${reason}`).join('; '));
      const values = convertCalls(model, inputs, `${context.scope}/`, {
        ...state,
        isNested: true,
        trace: [],
      });
      return values.every((value) => value !== undefined)
        ? values
        : context.refuse('its inner model is not converted');
    }
    const layer = readInner({ class_name, config }, context);
    const entry = REGISTRY[layer.class_name] as Entry;
    if (!('convert' in entry)) return context.refuse(`its ${class_name}: ${refusalOf(entry)}`);
    checkInputs(layer, inputs, context);
    const result = entry.convert(layer, castInputs(layer, inputs, context), context);
    return Array.isArray(result) ? result : [result as Value];
  };
}

/** The layers of a model, nested ones included, that are not converted whatever their inputs are. */
export function findProblems(model: KerasModel, prefix = ''): Problem[] {
  return model.layers.flatMap((node): Problem[] => {
    const layer = prefix + node.name;
    if (node.kind === 'model') return findProblems(node.model, `${layer}/`);
    if (node.kind === 'unknown') return [{ layer, className: node.className, reason: node.reason }];
    if (node.kind === 'input') return [];
    const entry: Entry = REGISTRY[node.layer.class_name] as Entry;
    const reason = refusalOf(entry);
    return reason === undefined ? [] : [{ layer, className: node.layer.class_name, reason }];
  });
}
