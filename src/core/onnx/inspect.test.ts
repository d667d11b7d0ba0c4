import { describe, expect, it } from 'vitest';
import { chain, tf } from '../../../test/convert/parity.js';
import { formatInspection } from '../../node/inspect/format-inspection.js';
import { convertLayersModel } from '../convert/index.js';
import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { inspectOnnx } from './inspect.js';
import { readOnnx } from './read.js';

const { layers } = tf;

async function cnn() {
  const model = chain(
    [8, 8, 2],
    layers.conv2d({ filters: 3, kernelSize: 3, name: 'conv', activation: 'relu' }),
    layers.depthwiseConv2d({ kernelSize: 3, useBias: false, name: 'deep' }),
    layers.flatten({ name: 'flatten' }),
    layers.dense({ units: 5, name: 'dense' }),
  );
  return (await convertLayersModel(model, { metadata: { classes: '["a"]' } })).bytes;
}

/** The model after a change. */
function changed(bytes: Uint8Array, change: (model: pb.ModelProto) => void): Uint8Array {
  const proto = onnx.ModelProto.decode(bytes);
  change(proto);
  return onnx.ModelProto.encode(proto).finish();
}

describe('inspectOnnx', () => {
  it('counts parameters and multiply-adds of each node, by hand', async () => {
    const { nodes, totals, metadata } = inspectOnnx(readOnnx(await cnn()));
    expect(nodes.map(({ op, parameters, multiplyAdds }) => [op, parameters, multiplyAdds])).toEqual([
      // 6×6 places × 3 filters × 3·3·2
      ['Conv', 57, 6 * 6 * 3 * 18],
      ['Relu', 0, 0],
      ['Conv', 27, 4 * 4 * 3 * 9],
      ['Flatten', 0, 0],
      ['Gemm', 48 * 5 + 5, 48 * 5],
    ]);
    expect(totals).toMatchObject({
      nodes: 5,
      parameters: 57 + 27 + 245,
      ops: { Conv: 2, Flatten: 1, Gemm: 1, Relu: 1 },
      unknownNodes: 0,
    });
    expect(totals.constantBytes.float32).toBe(4 * totals.parameters);
    expect(metadata.classes).toBe('["a"]');
  });

  it('counts a recurrent layer at each of its steps', async () => {
    const { bytes } = await convertLayersModel(chain([5, 4], layers.lstm({ units: 3 })));
    const lstm = inspectOnnx(readOnnx(bytes)).nodes.find((node) => node.op === 'LSTM')!;
    expect(lstm.multiplyAdds).toBe(5 * (4 * 3 * 4 + 4 * 3 * 3));
  });

  it('counts what a Scan holds, at each of its steps', async () => {
    const { bytes } = await convertLayersModel(
      chain([5, 4], layers.gru({ units: 3, activation: 'swish', returnSequences: true })),
    );
    const { nodes, totals } = inspectOnnx(readOnnx(bytes));
    expect(nodes.find(({ op }) => op === 'Scan')!.multiplyAdds).toBe(5 * (9 * 4 + 9 * 3));
    // And the 1 of 1 - z.
    expect(totals).toMatchObject({ parameters: 9 * 4 + 9 * 3 + 9 + 1, unknownNodes: 0 });
  });

  it('does not know how often a Scan of unknown length runs', async () => {
    const { bytes } = await convertLayersModel(
      chain([null, 4], layers.gru({ units: 3, activation: 'swish' })),
    );
    expect(inspectOnnx(readOnnx(bytes)).totals).toMatchObject({ multiplyAdds: 0, unknownNodes: 1 });
  });

  it('says that it does not know where the file does not tell the shapes', async () => {
    const bytes = changed(await cnn(), (model) => {
      model.graph!.valueInfo = [];
      model.graph!.input![0]!.type!.tensorType!.shape = null;
    });
    const { nodes, totals } = inspectOnnx(readOnnx(bytes));
    expect(nodes[0]!.outputs).toEqual([{ name: 'conv/Conv', type: '?', shape: undefined }]);
    expect(totals.unknownNodes).toBe(2);
  });

  it('finds nothing to say of our own network', async () => {
    expect(inspectOnnx(readOnnx(await cnn())).findings).toEqual([]);
  });

  it.each<[string, (model: pb.ModelProto) => void, RegExp]>([
    ['a newer IR', (model) => Object.assign(model, { irVersion: 14 }), /IR version 14 is newer/],
    ['a newer opset', (model) => Object.assign(model.opsetImport![0]!, { version: 27 }), /opset 27 is newer/],
    [
      'a foreign domain',
      (model) => Object.assign(model.graph!.node![1]!, { domain: 'my.ops', opType: 'Own' }),
      /my\.ops\.Own must be registered/,
    ],
    [
      'a missing value',
      (model) => void model.graph!.node!.shift(),
      /takes conv\/Conv, which nothing before it makes/,
    ],
    ['a missing output', (model) => model.graph!.output!.push({ name: 'z' }), /nothing makes the output z/],
    [
      'a value twice',
      (model) => model.graph!.node!.push(model.graph!.node![0]!),
      /makes conv\/Conv, which is there already/,
    ],
    [
      'data elsewhere',
      (model) =>
        Object.assign(model.graph!.initializer![0]!, {
          dataLocation: 1,
          externalData: [{ key: 'location', value: 'w.bin' }],
        }),
      /1 constants lie outside the file, in w\.bin/,
    ],
    [
      'an operator that is none',
      (model) => Object.assign(model.graph!.node![1]!, { opType: 'Rleu' }),
      /ai\.onnx has no operator Rleu/,
    ],
    [
      'an operator of a later opset',
      (model) => Object.assign(model.graph!.node![1]!, { opType: 'Swish' }),
      /Swish is of opset 24, the file asks for 21/,
    ],
    [
      'an operator that is gone',
      (model) => Object.assign(model.graph!.node![1]!, { opType: 'Upsample' }),
      /Upsample is gone from opset 10 on/,
    ],
    [
      'an old opset',
      (model) => Object.assign(model.opsetImport![0]!, { version: 6 }),
      /opset 6 is older than onnxruntime promises to run/,
    ],
    [
      'a constant that lies',
      (model) => Object.assign(model.graph!.initializer![0]!, { rawData: Uint8Array.of(1, 2) }),
      /1 constants do not hold what their shapes say: conv\/\w+ has 2 bytes for/,
    ],
    [
      'a port that JavaScript has no array for',
      (model) => Object.assign(model.graph!.input![0]!.type!.tensorType!, { elemType: 16 }),
      /input is of bfloat16, which onnxruntime's JavaScript API cannot pass/,
    ],
    [
      'a kernel in three dimensions',
      (model) =>
        model.graph!.node![0]!.attribute!.push({ name: 'kernel_shape', ints: [3, 3, 3], type: 7 }) &&
        model.graph!.node![0]!.attribute!.reverse(),
      /Conv over three dimensions run on the CPU there/,
    ],
    [
      'an operator of a graph within',
      (model) => {
        const inner = { node: [{ opType: 'Softplus', input: ['conv/Conv'], output: ['z'] }] };
        model.graph!.node![1]!.attribute = [{ name: 'then_branch', g: inner, type: 5 }];
      },
      /Softplus run on the CPU there/,
    ],
    [
      'no WebGPU kernel',
      (model) => Object.assign(model.graph!.node![1]!, { opType: 'Mish' }),
      /Mish run on the CPU there/,
    ],
    [
      'an empty last input',
      (model) =>
        Object.assign(model.graph!.node![1]!, {
          opType: 'LayerNormalization',
          input: ['conv/Conv', 'conv/bias', ''],
        }),
      /at which onnxruntime 1\.30 crashes/,
    ],
  ])('finds %s', async (_, change, message) => {
    const { findings } = inspectOnnx(readOnnx(changed(await cnn(), change)));
    expect(findings.map((finding) => finding.message)).toEqual([expect.stringMatching(message)]);
  });
});

it('trusts operators that the file defines itself, and finds data sought outside the folder', async () => {
  const own = changed(await cnn(), (model) => {
    Object.assign(model.graph!.node![1]!, { domain: 'my.ops', opType: 'Own' });
    model.functions = [{ domain: 'my.ops', name: 'Own' }];
  });
  expect(inspectOnnx(readOnnx(own)).findings).toEqual([]);
  for (const place of ['../w.bin', '/etc/w.bin', 'C:\\w.bin', '']) {
    const bytes = changed(await cnn(), (model) => {
      const externalData = [{ key: 'location', value: place }];
      Object.assign(model.graph!.initializer![0]!, {
        dataLocation: 1,
        externalData,
        rawData: new Uint8Array(),
      });
    });
    const messages = inspectOnnx(readOnnx(bytes)).findings.map(({ message }) => message);
    expect(messages[0]).toMatch(/^constants are sought outside the model's folder/);
  }
});

describe('formatInspection', () => {
  it('prints ports, metadata, the table and the totals', async () => {
    const text = formatInspection('m.onnx', inspectOnnx(readOnnx(await cnn())), { maxNodes: 2 });
    expect(text).toContain('input:     input float32[N, 2, 8, 8]\n');
    expect(text).toContain('metadata:  classes = ["a"]\n');
    expect(text).toMatch(/\nconv\/Conv +Conv +\[N, 3, 6, 6\] +57 +1944\n/);
    expect(text).toContain('... and 3 more nodes (--all shows them)\n');
    expect(text).toContain('totals:    5 nodes, 329 parameters, 2616 multiply-adds a sample\n');
    expect(text).toContain('lint:      nothing found\n');
  });

  it('keeps control characters and endless texts of foreign files off the terminal', async () => {
    const bytes = changed(await cnn(), (model) => {
      model.producerName = '\u001b[2Jred';
      model.graph!.node![0]!.name = 'x'.repeat(1e5);
    });
    const text = formatInspection('m.onnx', inspectOnnx(readOnnx(bytes)), { maxNodes: 9 });
    expect(text).not.toContain('\u001b');
    expect(text.length).toBeLessThan(4000);
  });
});
