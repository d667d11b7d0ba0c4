import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { MNIST_PREPROCESSING, toMetadata } from '../src/core/model-info.js';
import { writeOnnx } from '../src/core/onnx/index.js';
import { type Dim, floatConstant, type TensorType } from '../src/core/onnx/types.js';

/**
 * An ONNX model whose logits are the ink in three bands of columns, so that a test knows its answer: left is
 * columns 2 to 9, middle 10 to 17, right 18 to 25.
 */
export function tinyModel(
  options: {
    input?: readonly Dim[];
    /** `null` for a model without metadata. */
    classes?: readonly string[] | null;
    /** How many classes it has; those after the third have no ink. */
    count?: number;
    output?: 'logits' | 'probabilities';
  } = {},
): Uint8Array {
  const { input = ['N', 1, 28, 28], count = 3, output = 'logits' } = options;
  const { classes = ['left', 'middle', 'right'] } = options;
  const pixels = input.slice(1).reduce<number>((product, n) => product * Number(n), 1);
  const weights = Float32Array.from({ length: pixels * count }, (_, i) => {
    const column = Math.floor(i / count) % 28;
    return Math.floor((column - 2) / 8) === i % count ? 0.2 : 0;
  });
  const batch = input[0]!;
  const table: TensorType = { type: 'float32', shape: [batch, count] };
  const node = (op: string, inputs: string[], name: string) => ({
    op,
    name,
    inputs,
    outputs: [name],
    attributes: {},
  });
  return writeOnnx(
    {
      name: 'tiny',
      inputs: [{ name: 'input', type: 'float32', shape: input }],
      outputs: [{ name: output, ...table }],
      nodes: [
        node('Flatten', ['input'], 'flat'),
        node('MatMul', ['flat', 'weights'], 'logits'),
        ...(output === 'probabilities' ? [node('Softmax', ['logits'], 'probabilities')] : []),
      ],
      constants: new Map([['weights', floatConstant([pixels, count], weights)]]),
      types: new Map<string, TensorType>([
        ['flat', { type: 'float32', shape: [batch, pixels] }],
        ['logits', table],
        ['probabilities', table],
      ]),
    },
    {
      opset: 21,
      producerVersion: '0',
      metadata: classes ? toMetadata({ classes, preprocessing: MNIST_PREPROCESSING }) : {},
    },
  );
}

/** A folder of this test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
