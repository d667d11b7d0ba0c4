#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/bundle/main.cjs');

if (!process.features.require_module) {
  const needed = '20.19, or 22.12 and newer';
  console.error(
    `mnist-onnx: Node ${process.versions.node} is too old: ${needed} is needed, as by: nvm install 24`,
  );
  process.exit(1);
} else if (existsSync(main)) require(main);
else {
  // A fresh checkout has no build yet (npm runs no install scripts here): make it once, so that
  // `npx mnist-onnx` works straight after `npm install`.
  import('../scripts/build-once.js').then(({ buildOnce }) => {
    buildOnce();
    require(main);
  });
}
