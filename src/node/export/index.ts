export { type ConvertSavedOptions, convertSavedModel } from './convert-saved.js';
export { type ExportOptions, exportModel } from './export-model.js';
export type { ExportResult } from './export-result.js';
export { formatExport } from './format-export.js';
export { readSavedModel } from './saved-model.js';
export type { Verification } from './verify.js';
