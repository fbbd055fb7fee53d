/** Every layer there is, in the order of the palette. Adding one: its file, its test and a line here. */
import { adaptiveAvgPool1d } from './adaptiveAvgPool1d.ts';
import { adaptiveAvgPool2d } from './adaptiveAvgPool2d.ts';
import { add } from './add.ts';
import { avgPool1d } from './avgPool1d.ts';
import { avgPool2d } from './avgPool2d.ts';
import { bilinear } from './bilinear.ts';
import { block, blockInput, blockOutput } from './block.ts';
import { batchNorm } from './batchNorm.ts';
import { concat } from './concat.ts';
import { conv1d } from './conv1d.ts';
import { conv2d } from './conv2d.ts';
import { conv3d } from './conv3d.ts';
import { convTranspose1d } from './convTranspose1d.ts';
import { convTranspose2d } from './convTranspose2d.ts';
import { crossAttention } from './crossAttention.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { embedding } from './embedding.ts';
import { feedForward } from './feedForward.ts';
import { flatten } from './flatten.ts';
import { formula } from './formula.ts';
import { gaussianLatent } from './gaussianLatent.ts';
import { gaussianNoise } from './gaussianNoise.ts';
import { gat } from './gat.ts';
import { gcn } from './gcn.ts';
import { gelu } from './gelu.ts';
import { gin } from './gin.ts';
import { globalAvgPool1d } from './globalAvgPool1d.ts';
import { globalAvgPool2d } from './globalAvgPool2d.ts';
import { globalGraphPool } from './globalGraphPool.ts';
import { globalMaxPool1d } from './globalMaxPool1d.ts';
import { globalMaxPool2d } from './globalMaxPool2d.ts';
import { graphSage } from './graphSage.ts';
import { groupNorm } from './groupNorm.ts';
import { gru } from './gru.ts';
import { hardSigmoid } from './hardSigmoid.ts';
import { hardSwish } from './hardSwish.ts';
import { identity } from './identity.ts';
import { input } from './input.ts';
import { instanceNorm } from './instanceNorm.ts';
import { layerNorm } from './layerNorm.ts';
import { leakyRelu } from './leakyRelu.ts';
import { logSoftmax } from './logSoftmax.ts';
import { lstm } from './lstm.ts';
import { maxPool1d } from './maxPool1d.ts';
import { maxPool2d } from './maxPool2d.ts';
import { mish } from './mish.ts';
import { multiply } from './multiply.ts';
import { oneHot } from './oneHot.ts';
import { output } from './output.ts';
import { pad } from './pad.ts';
import { permute } from './permute.ts';
import { positionalEmbedding } from './positionalEmbedding.ts';
import { prelu } from './prelu.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { rmsNorm } from './rmsNorm.ts';
import { rnn } from './rnn.ts';
import { selfAttention } from './selfAttention.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { sinusoidalEmbedding } from './sinusoidalEmbedding.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { spatialDropout } from './spatialDropout.ts';
import { stochasticDepth } from './stochasticDepth.ts';
import { swiGlu } from './swiGlu.ts';
import { tanh } from './tanh.ts';
import { timestepEmbedding } from './timestepEmbedding.ts';
import { transformerDecoder } from './transformerDecoder.ts';
import { transformerEncoder } from './transformerEncoder.ts';
import { upsample } from './upsample.ts';
import type { LayerDefinition } from './defineLayer.ts';

export { checkParams, resolveParams } from './params.ts';

export const layers: readonly LayerDefinition[] = [
  input,
  output,
  dense,
  bilinear,
  formula,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  upsample,
  maxPool1d,
  maxPool2d,
  avgPool1d,
  avgPool2d,
  globalAvgPool1d,
  globalAvgPool2d,
  globalMaxPool1d,
  globalMaxPool2d,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  flatten,
  reshape,
  permute,
  slice,
  pad,
  oneHot,
  embedding,
  positionalEmbedding,
  sinusoidalEmbedding,
  timestepEmbedding,
  selfAttention,
  crossAttention,
  feedForward,
  swiGlu,
  transformerEncoder,
  transformerDecoder,
  rnn,
  gru,
  lstm,
  gcn,
  graphSage,
  gat,
  gin,
  globalGraphPool,
  batchNorm,
  layerNorm,
  rmsNorm,
  groupNorm,
  instanceNorm,
  dropout,
  spatialDropout,
  gaussianNoise,
  gaussianLatent,
  stochasticDepth,
  relu,
  leakyRelu,
  prelu,
  elu,
  selu,
  gelu,
  silu,
  mish,
  sigmoid,
  tanh,
  softplus,
  hardSigmoid,
  hardSwish,
  identity,
  softmax,
  logSoftmax,
  add,
  multiply,
  concat,
];

/** What only means something around and in blocks; the palette offers these where they fit. */
export const blockLayers: readonly LayerDefinition[] = [block, blockInput, blockOutput];

const byType = new Map([...layers, ...blockLayers].map((layer) => [layer.type, layer]));

export function findLayer(type: string): LayerDefinition | undefined {
  return byType.get(type);
}
