import { channelsFirstAxes, channelsLastAxes } from '../onnx/permute.js';
import type { Dim, ElementType, NamedTensorType, Shape } from '../onnx/types.js';

/**
 * How a value of the graph lies, against tfjs's tensor:
 * - `plain`: the same axes in the same order;
 * - `NCHW`: tfjs's last axis (the channels) stands second, whatever the rank: NWC is NCW, NDHWC is NCDHW;
 * - a feature order: the tensor is [N, features] and place i holds tfjs's feature `order[i]`, which is what
 *   flattening an NCHW value gives. A dense layer takes it up by permuting its kernel's rows.
 */
export type Layout = 'plain' | 'NCHW' | FeatureOrder;

export interface FeatureOrder {
  readonly order: Uint32Array;
}

/** A value of the graph; `shape` is in the graph's axis order. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly layout: Layout;
  /** [N, T] bool: which steps of a sequence count, as Masking and Embedding say. */
  readonly mask?: Value | undefined;
}

/** An input or output of the graph with the tfjs tensor that it stands for. */
export interface BoundTensor extends NamedTensorType {
  readonly layout: Layout;
  /** The place among the model's inputs or outputs. */
  readonly index: number;
  /** False for outputs that the model in tfjs does not have: the logits under its softmax, or a softmax put on. */
  readonly isOwn: boolean;
  /** What it is: `logits`, `probabilities` and `class` of a classifier, else `value`. */
  readonly role: 'value' | 'logits' | 'probabilities' | 'class';
}

/** The shape that tfjs's tensor has. */
export function kerasShape({ shape, layout }: Pick<Value, 'shape' | 'layout'>): Dim[] {
  return layout === 'NCHW' ? channelsLastAxes(shape.length).map((axis) => shape[axis]!) : [...shape];
}

/** The shape in the graph of a tensor that has `shape` in tfjs. */
export function graphShape(shape: Shape, layout: Layout): Dim[] {
  return layout === 'NCHW' ? channelsFirstAxes(shape.length).map((axis) => shape[axis]!) : [...shape];
}

/** The graph's axis for tfjs's axis, which may be negative. */
export function graphAxis({ shape, layout }: Pick<Value, 'shape' | 'layout'>, kerasAxis: number): number {
  const rank = shape.length;
  const axis = kerasAxis < 0 ? kerasAxis + rank : kerasAxis;
  return layout === 'NCHW' ? channelsFirstAxes(rank).indexOf(axis) : axis;
}

/** Whether two values hold their elements in the same order, as far as layout decides it. */
export function isSameLayout(a: Layout, b: Layout): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.order.length === b.order.length && a.order.every((feature, i) => feature === b.order[i]);
}
