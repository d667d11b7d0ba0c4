import type { Attribute, Constant, Graph, GraphNode, NamedTensorType, TensorType } from './types.js';

export interface NodeSpec {
  readonly op: string;
  /** The wanted name; made unique where it is taken. Its first output bears it too. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly TensorType[];
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
}

/** Collects a graph node by node, in topological order, with a type for every value. */
export class GraphBuilder {
  readonly #names = new Set<string>();
  readonly #dims = new Set<string>();
  readonly #inputs: NamedTensorType[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #types = new Map<string, TensorType>();

  /** @returns the input's name. */
  input(name: string, type: TensorType): string {
    const unique = this.#unique(name);
    this.#inputs.push({ name: unique, ...type });
    for (const dim of type.shape) if (typeof dim === 'string') this.#dims.add(dim);
    return unique;
  }

  /** Whether a value, a node or a constant has the name. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** A name for a dimension that a run decides: runtimes take two of one name for equal. */
  dimension(name: string): string {
    const unique = uniqueName(name, this.#dims);
    this.#dims.add(unique);
    return unique;
  }

  /** Adds a constant, or finds the equal one that already has the name (shared layers). */
  constant(name: string, constant: Constant): string {
    for (let i = 0; ; i++) {
      const candidate = i === 0 ? name : `${name}_${i}`;
      const present = this.#constants.get(candidate);
      if (present && isEqual(present, constant)) return candidate;
      if (this.#names.has(candidate)) continue;
      this.#names.add(candidate);
      this.#constants.set(candidate, constant);
      return candidate;
    }
  }

  /** @returns the names of the outputs. */
  node({ op, name, inputs, outputs, attributes = {} }: NodeSpec): string[] {
    const unique = this.#unique(name);
    const names = outputs.map((type, i) => {
      const output = i === 0 ? unique : this.#unique(`${unique}.${i}`);
      this.#types.set(output, type);
      return output;
    });
    this.#nodes.push({ op, name: unique, inputs: [...inputs], outputs: names, attributes });
    return names;
  }

  /** The node that makes a value; undefined for inputs and constants. */
  producer(value: string): GraphNode | undefined {
    return this.#nodes.findLast((node) => node.outputs.includes(value));
  }

  build(name: string, outputs: readonly NamedTensorType[]): Graph {
    return {
      name,
      inputs: this.#inputs,
      outputs,
      nodes: this.#nodes,
      constants: this.#constants,
      types: this.#types,
    };
  }

  #unique(name: string): string {
    const unique = uniqueName(name, this.#names);
    this.#names.add(unique);
    return unique;
  }
}

/** The name, or where it is taken the name with a number. */
export function uniqueName(name: string, taken: { has(name: string): boolean }): string {
  let unique = name;
  for (let i = 1; taken.has(unique); i++) unique = `${name}_${i}`;
  return unique;
}

/** The name, or where a value or a node of the graph has it the name with a number: for passes that add some. */
export function freeName(
  { inputs, constants, types, nodes }: Pick<Graph, 'inputs' | 'constants' | 'types' | 'nodes'>,
  name: string,
): string {
  const isNamed = (used: string) => (named: { name: string }) => named.name === used;
  const has = (used: string) =>
    constants.has(used) || types.has(used) || inputs.some(isNamed(used)) || nodes.some(isNamed(used));
  return uniqueName(name, { has });
}

function isEqual(a: Constant, b: Constant): boolean {
  return (
    a.type === b.type &&
    a.shape.length === b.shape.length &&
    a.shape.every((dim, i) => dim === b.shape[i]) &&
    a.data.length === b.data.length &&
    a.data.every((value: number | bigint, i: number) => Object.is(value, b.data[i]))
  );
}
