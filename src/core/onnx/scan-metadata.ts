import { countParts, MAX_PARTS } from './count-parts.js';
import { LENGTH_DELIMITED, readField, readVarint, VARINT, type WireField } from './wire.js';

// Node and browsers have it; the core is compiled with the types of neither.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** Numbers of the fields of ModelProto and StringStringEntryProto (proto/onnx.proto). */
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8, metadataProps: 14 };
const ENTRY = { key: 1, value: 2 };

/**
 * The `metadata_props` of an ONNX file as `readOnnx` gives them, without decoding the graph and its weights, nor
 * loading what decodes them: a large part of the time that reading a single image takes.
 *
 * @returns `undefined` where `readOnnx` is to say what is wrong with the file, or what its texts are; damage within
 * the graph is not seen.
 */
export function scanMetadata(bytes: Uint8Array): Record<string, string> | undefined {
  if (countParts(bytes, MAX_PARTS) >= MAX_PARTS) return undefined;
  const metadata: Record<string, string> = Object.create(null);
  const found = new Set<number>();
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at);
    if (!field || field.number === 0 || field.end > bytes.length) return undefined;
    at = field.end;
    if (isFilled(field, bytes)) found.add(field.number);
    if (field.number !== MODEL.metadataProps) continue;
    const entry = field.wireType === LENGTH_DELIMITED && scanEntry(bytes.subarray(field.start, field.end));
    if (!entry) return undefined;
    metadata[entry[ENTRY.key] ?? ''] = entry[ENTRY.value] ?? '';
  }
  const isModel = [MODEL.irVersion, MODEL.graph, MODEL.opsetImport].every((number) => found.has(number));
  return isModel ? metadata : undefined;
}

/** Whether a field that a model must have is of its kind, and says something. */
function isFilled({ number, wireType, start }: WireField, bytes: Uint8Array): boolean {
  if (number !== MODEL.irVersion) return wireType === LENGTH_DELIMITED;
  return wireType === VARINT && readVarint(bytes, start)?.value !== 0;
}

/** The texts of a message of texts alone, by their fields' numbers; `undefined` for any other. */
function scanEntry(bytes: Uint8Array): Record<number, string> | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts: Record<number, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes, at);
    if (!field || field.number === 0 || field.end > bytes.length || field.wireType !== LENGTH_DELIMITED)
      return undefined;
    try {
      texts[field.number] = decoder.decode(bytes.subarray(field.start, field.end));
    } catch {
      return undefined;
    }
    at = field.end;
  }
  return texts;
}
