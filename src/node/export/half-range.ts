import type { ConvertedModel } from '../../core/convert/index.js';
import { UserError } from '../../core/errors.js';
import { MAX_HALF } from '../../core/onnx/half.js';
import { formatFigure } from '../format/figure.js';
import { createNodeSession } from '../runtime/index.js';
import { runBatch } from './run-batch.js';
import type { Samples } from './samples.js';

const ENOUGH_SAMPLES = 250;

/**
 * Runs the fp32 graph on the first samples and looks at every value inside. A CPU, which computes fp16 models in
 * float32, would not show what becomes infinite on a GPU.
 *
 * @throws UserError naming the first value that is too large for half precision.
 */
export async function checkHalfRange(converted: ConvertedModel, samples: Samples): Promise<void> {
  const { graph, inputs } = converted;
  const outputs = graph.nodes.flatMap((node) =>
    node.outputs.flatMap((name) => {
      const type = graph.types.get(name) ?? graph.outputs.find((output) => output.name === name);
      return type?.type === 'float32' ? [{ ...type, name }] : [];
    }),
  );
  if (outputs.length === 0) return;
  const session = await createNodeSession(converted.write({ ...graph, outputs }), { device: 'cpu' });
  let seen = 0;
  try {
    for (const batch of samples.batches()) {
      const results = await runBatch(session, inputs, batch);
      for (const { name } of outputs) checkValue(name, results[name]!.data as Float32Array, samples);
      seen += batch.count;
      if (seen >= ENOUGH_SAMPLES) return;
    }
  } finally {
    await session.release();
  }
}

function checkValue(name: string, data: Float32Array, samples: Samples): void {
  const large = data.find((value) => Math.abs(value) > MAX_HALF);
  if (large === undefined) return;
  throw new UserError(
    `${name} reaches ${formatFigure(large)} on ${samples.description}, more than fp16 holds (${MAX_HALF})`,
    { hint: 'No file was written. Export with --precision fp32.' },
  );
}
