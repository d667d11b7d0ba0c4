// Writes .br and .gz beside the files of a built page: node scripts/precompress.mjs FOLDER
import { precompress } from '../dist/node/demo/precompress.js';

await precompress(process.argv[2]);
