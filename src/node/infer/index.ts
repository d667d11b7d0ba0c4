// What the command needs, in one piece: each file that is loaded by itself takes a millisecond of the start.
export { hasCudaProvider } from '../runtime/node-session.js';
export { openModelFile, readModelFile } from '../runtime/open-model.js';
export { inferToOutput } from './infer-to-output.js';
export { parseShard } from './shard.js';
export { tuneV8 } from './tune-v8.js';
