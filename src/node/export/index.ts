export { type ExportOptions, type ExportResult, exportModel } from './export-model.js';
export { formatExport } from './format-export.js';
export type { Verification } from './verify.js';
