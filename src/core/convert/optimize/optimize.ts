import { removeUnused } from '../../onnx/remove-unused.js';
import type { Graph } from '../../onnx/types.js';
import { foldAffine } from './fold-affine.js';
import { foldPads } from './fold-pads.js';
import { foldTransposes } from './fold-transposes.js';
import { mergeMoves } from './merge-moves.js';
import { trimUnread } from './trim-unread.js';

/** Every pass keeps what the graph computes, up to rounding; none changes the names of inputs and outputs. */
const PASSES: readonly ((graph: Graph) => Graph)[] = [
  mergeMoves,
  foldAffine,
  foldPads,
  foldTransposes,
  removeUnused,
  trimUnread,
];

export function optimize(graph: Graph): Graph {
  return PASSES.reduce((current, pass) => pass(current), graph);
}
