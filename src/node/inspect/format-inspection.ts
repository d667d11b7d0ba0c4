import type { Inspection, NodeInfo } from '../../core/onnx/index.js';
import { printable } from '../../core/printable.js';
import type { TensorInfo } from '../../core/session.js';

const MAX_VALUE = 100;

/**
 * An inspection as text: ports, versions, metadata, a table of nodes, totals, and what was found.
 *
 * @param maxNodes how many nodes the table shows
 */
export function formatInspection(
  path: string,
  inspection: Inspection,
  { maxNodes }: { maxNodes: number },
): string {
  const { inputs, outputs, opsets, irVersion, producer, metadata, nodes, totals, findings } = inspection;
  const shown = nodes.slice(0, maxNodes);
  const lines = [
    `file:      ${clean(path)}`,
    `producer:  ${clean(producer) || 'unknown'}`,
    `versions:  IR ${irVersion}, ${Object.entries(opsets)
      .map(([domain, version]) => `${clean(domain)} opset ${version}`)
      .join(', ')}`,
    ...inputs.map((input) => `input:     ${formatTensor(input)}`),
    ...outputs.map((output) => `output:    ${formatTensor(output)}`),
    ...Object.entries(metadata).map(([key, value]) => `metadata:  ${clean(key)} = ${clean(value)}`),
    '',
    ...formatTable(shown),
    ...(shown.length < nodes.length
      ? [`... and ${nodes.length - shown.length} more nodes (--all shows them)`]
      : []),
    '',
    `totals:    ${totals.nodes} nodes, ${totals.parameters} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds a sample${totals.unknownNodes ? ` (and ${totals.unknownNodes} nodes of unknown shape)` : ''}`,
    `operators: ${
      Object.entries(totals.ops)
        .map(([op, count]) => `${count} ${clean(op)}`)
        .join(', ') || 'none'
    }`,
    ...findings.map(
      ({ level, runtime, message }) =>
        `${`${level}:`.padEnd(10)} ${runtime === 'all' ? '' : `${runtime}: `}${clean(message, 300)}`,
    ),
    ...(findings.length === 0 ? ['lint:      nothing found'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function formatTensor({ name, type, shape }: TensorInfo): string {
  return `${clean(name)} ${clean(type)}[${shape.map((dim) => clean(String(dim))).join(', ')}]`;
}

function formatTable(nodes: readonly NodeInfo[]): string[] {
  const header = ['node', 'op', 'output', 'parameters', 'multiply-adds'];
  const rows = nodes.map((node) => [
    clean(node.name, 40) || '-',
    clean(node.op, 30),
    clean(
      node.outputs.map(({ shape }) => (shape ? `[${shape.slice(0, MAX_VALUE).join(', ')}]` : '?')).join(' '),
      40,
    ),
    String(node.parameters),
    node.multiplyAdds === undefined ? '?' : formatCount(node.multiplyAdds),
  ]);
  const widths = header.map((title, i) =>
    // Not as arguments of one call: a file may hold more nodes than a call takes.
    rows.reduce((width, row) => Math.max(width, row[i]!.length), title.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)];
}

/** `1.23 M` */
function formatCount(count: number): string {
  if (count < 10_000) return String(count);
  const [divisor, unit] = count < 1e6 ? [1e3, 'k'] : count < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${Number((count / (divisor as number)).toPrecision(3))} ${unit}`;
}

/** Texts of foreign files on one line: control characters as escapes, and not too long. */
function clean(text: string, max = MAX_VALUE): string {
  // What is cut off anyway need not be gone through.
  const plain = printable(text.slice(0, max + 1));
  return plain.length > max ? `${plain.slice(0, max - 3)}...` : plain;
}
