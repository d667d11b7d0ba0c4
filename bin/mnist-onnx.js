#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/bundle/main.js', import.meta.url);
// A fresh checkout has no build yet (npm runs no install scripts here): make it once, so that
// `npx mnist-onnx` works straight after `npm install`.
if (!existsSync(main)) (await import('../scripts/build-once.js')).buildOnce();
await import(main.href);
