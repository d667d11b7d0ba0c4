// Makes src/core/onnx/generated/ from proto/onnx.proto: the codec by protobufjs-cli (static code, so that it
// runs under a Content-Security-Policy without eval), the message types by the table below.
//
//   node scripts/generate-proto.mjs           writes the files
//   node scripts/generate-proto.mjs --print   prints them as JSON, for the test that compares them
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import pbjs from 'protobufjs-cli/pbjs.js';

const root = new URL('..', import.meta.url);
const protoPath = fileURLToPath(new URL('proto/onnx.proto', root));
const outDir = fileURLToPath(new URL('src/core/onnx/generated/', root));
const HEADER = '// Generated from proto/onnx.proto by `npm run generate`. Do not edit.\n';

const TYPE_OF = {
  int64: 'Int64',
  uint64: 'Int64',
  int32: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Uint8Array',
};

const files = { 'codec.ts': await codec(), 'messages.ts': messages() };

if (process.argv.includes('--print')) {
  process.stdout.write(JSON.stringify(files));
} else {
  mkdirSync(outDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(outDir + name, text);
}

async function codec() {
  const flags = ['create', 'verify', 'convert', 'delimited', 'typeurl', 'service', 'comments'];
  const text = await new Promise((resolve, reject) => {
    pbjs.main(
      [
        ...['-t', 'static-module', '-w', 'esm', '-r', 'mnist-onnx', '--dependency', 'protobufjs/minimal.js'],
        ...flags.map((flag) => `--no-${flag}`),
        protoPath,
      ],
      (error, output) => (error ? reject(error) : resolve(output)),
    );
  });
  const typed = text
    .replace(/^\/\*eslint.*\n/, '')
    .replace('export const onnx =', "export const onnx: import('./messages.js').OnnxCodec =")
    .replace(/^export \{[^}]*\};\n/m, '');
  return `${HEADER}// @ts-nocheck\n${typed.trimEnd()}\n`;
}

function messages() {
  const { nested } = protobuf.parse(readFileSync(protoPath, 'utf8'), { keepCase: false }).root.lookup('onnx');
  const types = flatten(Object.values(nested));
  const head = `/** Read as an object with \`toNumber\`, written as a number too. */\nexport type Int64 = number | { toNumber(): number };\n\ninterface Codec<T> {\n  encode(message: T): { finish(): Uint8Array };\n  decode(bytes: Uint8Array): T;\n}\n`;
  const top = types.filter((type) => type.parent.name === 'onnx');
  const table = `export interface OnnxCodec {\n${top.map((t) => `  ModelProto: Codec<ModelProto>;\n`.replaceAll('ModelProto', t.name)).join('')}}\n`;
  return [HEADER + head, ...types.map(interfaceOf), table].join('\n');
}

/** Messages with those nested in them; a nested one is named after its parents too. */
function flatten(reflections) {
  return reflections
    .filter((reflection) => reflection instanceof protobuf.Type)
    .flatMap((type) => [type, ...flatten(type.nestedArray)]);
}

function tsName(type) {
  return type.parent.name === 'onnx' ? type.name : tsName(type.parent) + type.name;
}

function interfaceOf(type) {
  const fields = type.fieldsArray.map((field) => {
    field.resolve();
    const resolved = field.resolvedType;
    const element =
      resolved instanceof protobuf.Type
        ? tsName(resolved)
        : resolved instanceof protobuf.Enum
          ? 'number'
          : TYPE_OF[field.type];
    return `  ${field.name}?: ${element}${field.repeated ? '[]' : ' | null'};\n`;
  });
  return `export interface ${tsName(type)} {\n${fields.join('')}}\n`;
}
