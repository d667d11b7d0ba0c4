// Generated from proto/onnx.proto by `npm run generate`. Do not edit.
/** Read as an object with `toNumber`, written as a number too. */
export type Int64 = number | { toNumber(): number };

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface ModelProto {
  irVersion?: Int64 | null;
  producerName?: string | null;
  producerVersion?: string | null;
  domain?: string | null;
  modelVersion?: Int64 | null;
  docString?: string | null;
  graph?: GraphProto | null;
  opsetImport?: OperatorSetIdProto[];
  metadataProps?: StringStringEntryProto[];
  trainingInfo?: TrainingInfoProto[];
  functions?: FunctionProto[];
}

export interface OperatorSetIdProto {
  domain?: string | null;
  version?: Int64 | null;
}

export interface StringStringEntryProto {
  key?: string | null;
  value?: string | null;
}

export interface GraphProto {
  node?: NodeProto[];
  name?: string | null;
  initializer?: TensorProto[];
  docString?: string | null;
  input?: ValueInfoProto[];
  output?: ValueInfoProto[];
  valueInfo?: ValueInfoProto[];
  quantizationAnnotation?: TensorAnnotation[];
  sparseInitializer?: SparseTensorProto[];
  metadataProps?: StringStringEntryProto[];
}

export interface NodeProto {
  input?: string[];
  output?: string[];
  name?: string | null;
  opType?: string | null;
  attribute?: AttributeProto[];
  docString?: string | null;
  domain?: string | null;
  overload?: string | null;
  metadataProps?: StringStringEntryProto[];
}

export interface AttributeProto {
  name?: string | null;
  f?: number | null;
  i?: Int64 | null;
  s?: Uint8Array | null;
  t?: TensorProto | null;
  g?: GraphProto | null;
  floats?: number[];
  ints?: Int64[];
  strings?: Uint8Array[];
  tensors?: TensorProto[];
  graphs?: GraphProto[];
  docString?: string | null;
  tp?: TypeProto | null;
  typeProtos?: TypeProto[];
  type?: number | null;
  refAttrName?: string | null;
  sparseTensor?: SparseTensorProto | null;
  sparseTensors?: SparseTensorProto[];
}

export interface ValueInfoProto {
  name?: string | null;
  type?: TypeProto | null;
  docString?: string | null;
  metadataProps?: StringStringEntryProto[];
}

export interface TypeProto {
  tensorType?: TypeProtoTensor | null;
  sequenceType?: TypeProtoSequence | null;
  mapType?: TypeProtoMap | null;
  sparseTensorType?: TypeProtoSparseTensor | null;
  optionalType?: TypeProtoOptional | null;
  denotation?: string | null;
}

export interface TypeProtoTensor {
  elemType?: number | null;
  shape?: TensorShapeProto | null;
}

export interface TypeProtoSequence {
  elemType?: TypeProto | null;
}

export interface TypeProtoMap {
  keyType?: number | null;
  valueType?: TypeProto | null;
}

export interface TypeProtoSparseTensor {
  elemType?: number | null;
  shape?: TensorShapeProto | null;
}

export interface TypeProtoOptional {
  elemType?: TypeProto | null;
}

export interface TensorShapeProto {
  dim?: TensorShapeProtoDimension[];
}

export interface TensorShapeProtoDimension {
  dimValue?: Int64 | null;
  dimParam?: string | null;
  denotation?: string | null;
}

export interface TensorProto {
  dims?: Int64[];
  dataType?: number | null;
  segment?: TensorProtoSegment | null;
  floatData?: number[];
  int32Data?: number[];
  stringData?: Uint8Array[];
  int64Data?: Int64[];
  name?: string | null;
  rawData?: Uint8Array | null;
  doubleData?: number[];
  uint64Data?: Int64[];
  docString?: string | null;
  externalData?: StringStringEntryProto[];
  dataLocation?: number | null;
  metadataProps?: StringStringEntryProto[];
}

export interface TensorProtoSegment {
  begin?: Int64 | null;
  end?: Int64 | null;
}

export interface SparseTensorProto {
  values?: TensorProto | null;
  indices?: TensorProto | null;
  dims?: Int64[];
}

export interface TensorAnnotation {
  tensorName?: string | null;
  quantParameterTensorNames?: StringStringEntryProto[];
}

export interface TrainingInfoProto {
  initialization?: GraphProto | null;
  algorithm?: GraphProto | null;
  initializationBinding?: StringStringEntryProto[];
  updateBinding?: StringStringEntryProto[];
}

export interface FunctionProto {
  name?: string | null;
  input?: string[];
  output?: string[];
  attribute?: string[];
  node?: NodeProto[];
  docString?: string | null;
  opsetImport?: OperatorSetIdProto[];
  domain?: string | null;
  attributeProto?: AttributeProto[];
  valueInfo?: ValueInfoProto[];
  overload?: string | null;
  metadataProps?: StringStringEntryProto[];
}

export interface OnnxCodec {
  ModelProto: Codec<ModelProto>;
  OperatorSetIdProto: Codec<OperatorSetIdProto>;
  StringStringEntryProto: Codec<StringStringEntryProto>;
  GraphProto: Codec<GraphProto>;
  NodeProto: Codec<NodeProto>;
  AttributeProto: Codec<AttributeProto>;
  ValueInfoProto: Codec<ValueInfoProto>;
  TypeProto: Codec<TypeProto>;
  TensorShapeProto: Codec<TensorShapeProto>;
  TensorProto: Codec<TensorProto>;
  SparseTensorProto: Codec<SparseTensorProto>;
  TensorAnnotation: Codec<TensorAnnotation>;
  TrainingInfoProto: Codec<TrainingInfoProto>;
  FunctionProto: Codec<FunctionProto>;
}
