import type { KerasModel, LayerNode, ModelLayer, TensorRef } from '../keras/topology.js';

/** Layers that tell that their input is an image (or volume), in tfjs's channels-last order. */
const IMAGE_LAYERS = new Set([
  ...['Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose', 'SeparableConv2D', 'DepthwiseConv2D'],
  ...['MaxPooling2D', 'AveragePooling2D', 'MaxPooling3D', 'AveragePooling3D'],
  ...['GlobalMaxPooling2D', 'GlobalAveragePooling2D', 'UpSampling2D', 'ZeroPadding2D', 'Cropping2D'],
  'Flatten',
]);

/** Layers that give on what they get, element by element, so that what follows them tells. */
const NEUTRAL_LAYERS = new Set([
  ...['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU', 'Softmax', 'Rescaling'],
  ...['Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'BatchNormalization'],
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'],
]);

/**
 * Whether a model's input of rank 4 or 5 is an image with its channels last, which the graph then takes with
 * its channels second: the first layers that look at more than single elements decide.
 */
export function isImageInput(model: KerasModel, input: TensorRef): boolean {
  const seen = new Set<string>();
  const visit = (within: KerasModel, ref: TensorRef, path: string): boolean =>
    consumersOf(within, ref).some(({ layer, call, place }) => {
      const key = `${path}/${layer.name}:${call}`;
      if (seen.has(key)) return false;
      seen.add(key);
      if (layer.kind === 'model') return visit(layer.model, layer.model.inputs[place]!, key);
      if (layer.kind !== 'layer') return false;
      if (isImageLayer(layer)) return true;
      const output = { layer: layer.name, call, output: 0 };
      return NEUTRAL_LAYERS.has(layer.layer.class_name) && visit(within, output, path);
    });
  return visit(model, input, '');
}

function isImageLayer({ layer }: LayerNode): boolean {
  if (!IMAGE_LAYERS.has(layer.class_name)) return false;
  return !('data_format' in layer.config) || layer.config.data_format === 'channels_last';
}

interface Consumer {
  readonly layer: ModelLayer;
  readonly call: number;
  readonly place: number;
}

function consumersOf(model: KerasModel, ref: TensorRef): Consumer[] {
  return model.layers.flatMap((layer) =>
    layer.calls.flatMap((inputs, call) =>
      inputs.flatMap((input, place) =>
        input.layer === ref.layer && input.call === ref.call && input.output === ref.output
          ? [{ layer, call, place }]
          : [],
      ),
    ),
  );
}
