import { artifactsFromJson, convertLayersModel, weightPaths } from '../../src/core/convert/index.js';

// The chosen files of a model become a link to its ONNX file; what is wrong with them becomes a sentence.
const input = document.querySelector('input')!;
const output = document.querySelector('output')!;

input.addEventListener('change', async () => {
  try {
    const files = new Map([...input.files!].map((file) => [file.name, file]));
    const modelJson = JSON.parse(await files.get('model.json')!.text());
    const weights = new Blob(weightPaths(modelJson).map((path) => files.get(path)!));
    const artifacts = artifactsFromJson(modelJson, new Uint8Array(await weights.arrayBuffer()));
    const { bytes } = await convertLayersModel(artifacts);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    link.download = 'model.onnx';
    link.textContent = `model.onnx, ${bytes.length} bytes`;
    output.replaceChildren(link);
  } catch (error) {
    output.textContent = (error as Error).message;
  }
});
