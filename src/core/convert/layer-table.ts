import type { LayerClass } from '../keras/layer-schemas.js';
import { type Entry, REGISTRY } from './registry.js';

/** How many of tfjs's layers are converted, alone or inside the layer that runs them. */
export function countConverted(): { converted: number; of: number } {
  const entries = Object.values(REGISTRY) as Entry[];
  return { converted: entries.filter((entry) => !('refused' in entry)).length, of: entries.length };
}

/** The registry as a Markdown table: each layer with what it becomes, or why it is refused. */
export function formatLayerTable(): string {
  const rows = (Object.entries(REGISTRY) as [LayerClass, Entry][]).map(([name, entry]) => {
    return 'refused' in entry ? `| ${name} | refused: ${entry.refused} |` : `| ${name} | ${entry.onnx} |`;
  });
  return ['| tfjs layer | ONNX |', '| --- | --- |', ...rows, ''].join('\n');
}
