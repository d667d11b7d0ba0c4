import { messageOf } from '../../core/errors.js';
import type { Check, Finding } from './check.js';
import { checkMnist, checkModel } from './data-checks.js';
import { checkNode, checkOnnxRuntimeNode, checkOnnxRuntimeWeb, checkSharp } from './package-checks.js';
import { checkTensorFlow } from './tensorflow-check.js';

interface Examination {
  readonly name: string;
  readonly required: boolean;
  examine(): Promise<Finding>;
}

const EXAMINATIONS: readonly Examination[] = [
  { name: 'Node', required: true, examine: checkNode },
  { name: 'TensorFlow', required: true, examine: checkTensorFlow },
  { name: 'onnxruntime-node', required: true, examine: checkOnnxRuntimeNode },
  { name: 'onnxruntime-web', required: false, examine: checkOnnxRuntimeWeb },
  { name: 'sharp', required: true, examine: checkSharp },
  { name: 'MNIST', required: true, examine: checkMnist },
  { name: 'model', required: false, examine: checkModel },
];

export interface Diagnosis {
  /** Whether the main job can run: train, export, eval, infer. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Examines what the main job needs. Changes nothing, downloads nothing, throws nothing. */
export async function diagnose(examinations: readonly Examination[] = EXAMINATIONS): Promise<Diagnosis> {
  const checks: Check[] = [];
  for (const { name, required, examine } of examinations) {
    const finding = await examine().catch(
      (error): Finding => ({
        status: 'missing',
        detail: `it cannot be examined: ${messageOf(error).split('\n')[0]}`,
        fix: 'npm install',
      }),
    );
    checks.push({ name, required, ...finding });
  }
  return { ok: checks.every(({ required, status }) => !required || status !== 'missing'), checks };
}

/** The diagnosis as a table, with the mending command below its line. */
export function formatDiagnosis({ ok, checks }: Diagnosis): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, detail, fix }) => [
    `${name.padEnd(nameWidth)}  ${status.padEnd('missing'.length)}  ${detail}`,
    ...(fix ? [`${''.padEnd(nameWidth)}  ${''.padEnd('missing'.length)}  → ${fix}`] : []),
  ]);
  const verdict = ok ? 'Ready: train, export, eval and infer can run.' : 'Not ready: mend what is missing.';
  return `${lines.join('\n')}\n\n${verdict}\n`;
}
