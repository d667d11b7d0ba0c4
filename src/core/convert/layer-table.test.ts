import { expect, test } from 'vitest';
import { countConverted, formatLayerTable } from './layer-table.js';

test('the table has a row for each layer: what it becomes, or why it is refused', () => {
  const lines = formatLayerTable().split('\n');
  expect(lines.slice(0, 3)).toEqual(['| tfjs layer | ONNX |', '| --- | --- |', '| Conv1D | Conv |']);
  expect(lines.at(-1)).toBe('');
  expect(lines).toContain('| CenterCrop | refused: its predict fails in tfjs itself |');
  const { converted, of } = countConverted();
  expect(lines).toHaveLength(of + 3);
  expect(lines.filter((line) => line.includes('refused: '))).toHaveLength(of - converted);
  expect([converted, of]).toEqual([61, 65]);
});
