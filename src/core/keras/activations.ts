import { oneOf, type Reader } from './schema.js';

/** Every activation of tfjs-layers 4.22, as model.json spells it. */
export const ACTIVATIONS = [
  'elu',
  'selu',
  'relu',
  'relu6',
  'linear',
  'sigmoid',
  'hard_sigmoid',
  'softplus',
  'softsign',
  'tanh',
  'softmax',
  'log_softmax',
  'gelu',
  'gelu_new',
  'mish',
  'swish',
] as const;

export type Activation = (typeof ACTIVATIONS)[number];

/** An activation by its name, or as the object that Keras writes for some; absent: `fallback`. */
export function activation(fallback: Activation = 'linear'): Reader<Activation> {
  const read = oneOf(ACTIVATIONS, fallback);
  return (value) => {
    const className = (value as { class_name?: unknown } | null)?.class_name;
    return read(typeof value === 'object' && className !== undefined ? className : value);
  };
}
