/** The element types that graphs of ours use, by the names of the typed arrays that hold them. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'string';

/** TensorProto.DataType in the published format. */
export const DATA_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** Names of all of TensorProto.DataType, by number. */
export const DATA_TYPE_NAMES: readonly string[] = [
  ...['undefined', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool'],
  ...['float16', 'float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'],
  ...['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'uint4', 'int4', 'float4e2m1'],
  'float8e8m0',
];

/** A dimension: a size, or the name of one that a run decides. */
export type Dim = number | string;
/** The dimensions in the graph's axis order; none for a scalar. */
export type Shape = readonly Dim[];

export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** An input or output. */
export interface NamedTensorType extends TensorType {
  readonly name: string;
}

/** A constant of a graph; `data` is row-major. float16 is held as its bits, bool as 0 and 1. */
export interface Constant {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
}

/** A node's attribute: one value, or a list of values of one kind. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly graph: Graph };

/** An operation of a graph. */
export interface GraphNode {
  readonly op: string;
  readonly name: string;
  /** Names of values; an empty one is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph while we work on it: what ONNX's GraphProto says, in plain data. No pass changes one in place. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly NamedTensorType[];
  readonly outputs: readonly NamedTensorType[];
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** The type of every value that a node makes. */
  readonly types: ReadonlyMap<string, TensorType>;
}

export const int = (value: number): Attribute => ({ int: value });
export const float = (value: number): Attribute => ({ float: value });
export const text = (value: string): Attribute => ({ text: value });
export const ints = (values: readonly number[]): Attribute => ({ ints: values });
export const floats = (values: readonly number[]): Attribute => ({ floats: values });
export const texts = (values: readonly string[]): Attribute => ({ texts: values });

export function floatConstant(shape: readonly number[], data: ArrayLike<number>): Constant {
  return { type: 'float32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** A constant of 64-bit integers, as ONNX wants for shapes and axes: one axis, or a scalar. */
export function int64Constant(values: readonly number[] | number): Constant {
  return typeof values === 'number'
    ? { type: 'int64', shape: [], data: BigInt64Array.of(BigInt(values)) }
    : { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The type of a value that a node makes, a constant holds or an input brings. */
export function typeOf({ types, constants, inputs }: Graph, value: string): TensorType | undefined {
  return types.get(value) ?? constants.get(value) ?? inputs.find((input) => input.name === value);
}

/** The number of elements of a shape without unknown dimensions. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
