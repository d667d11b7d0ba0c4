export { type ConvertSavedOptions, convertSavedModel } from './convert-saved.js';
export { type ExportOptions, type ExportResult, exportModel } from './export-model.js';
export { formatExport } from './format-export.js';
export { readSavedModel } from './saved-model.js';
export type { Verification } from './verify.js';
