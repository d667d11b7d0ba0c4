import { defineCommand } from '../command.js';
import { numberInRange, outputOptions } from '../options.js';

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'Serve a page on which you draw digits and see what a model sees and says',
  options: (yargs) =>
    yargs.options({
      model: {
        type: 'string',
        describe: 'the ONNX file that the page starts with',
        defaultDescription: 'as of infer: yours where it is found, else the one that comes with mnist-onnx',
      },
      port: {
        type: 'number',
        default: 4173,
        coerce: numberInRange('port', { min: 0, max: 65535, integer: true }),
        describe: 'where to listen; 0 takes any free port',
      },
      host: {
        type: 'string',
        default: '127.0.0.1',
        describe: 'the address to listen on; 0.0.0.0 lets others in your network open the page',
      },
      open: { type: 'boolean', default: false, describe: 'open the page in your browser' },
      isolate: {
        type: 'boolean',
        default: false,
        describe: 'send the headers that let WebAssembly use several threads',
      },
      page: { type: 'string', hidden: true, describe: 'a built page to serve in place of the own one' },
      quiet: outputOptions.quiet,
    }),
  async run({ model, port, host, open, isolate, page }, { stdout, reporter, signal }) {
    const { serveDemo } = await import('../../node/demo/serve-demo.js');
    const onReady = (url: string) => stdout.write(`${url}\n`);
    await serveDemo({ model, page, port, host, open, isolate, reporter, signal, onReady });
    // Ctrl-C is how it is meant to end.
    return 0;
  },
});
