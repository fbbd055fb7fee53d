/**
 * Networks on token sequences, and sequences to train them on: each row is T tokens and, as target, the token that
 * follows each of them. For fixtures and benchmarks until data sets of text exist.
 */
import type { DataRole } from '../data/dataSet.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { NetworkDocument, NodeId, ParamValues } from '../graph/document.ts';
import { addNode, connect } from '../graph/edit.ts';
import { emptyDocument } from '../graph/parseDocument.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { chain } from '../graph/starterNetwork.ts';
import { preparedOf } from './sessions.ts';

export interface SequenceSizes {
  readonly vocabulary: number;
  /** T */
  readonly steps: number;
}

export function sequenceRoles({ vocabulary, steps }: SequenceSizes): { readonly tokens: DataRole; readonly next: DataRole } {
  return {
    tokens: { name: 'tokens', kind: 'input', description: `${steps} of ${vocabulary} tokens`, shape: [batchDim, dim('T', steps)] },
    next: {
      name: 'next',
      kind: 'target',
      task: 'classification',
      description: `the token after each`,
      shape: [batchDim, dim('T', steps), dim('F', vocabulary)],
      classNames: Array.from({ length: vocabulary }, (_, i) => `token ${i}`),
    },
  };
}

/** @param stream rows × (steps + 1) tokens: every row is one more than its inputs */
export function sequenceData(sizes: SequenceSizes, stream: Int32Array): PreparedData {
  const { steps } = sizes;
  const rowCount = stream.length / (steps + 1);
  const { tokens, next } = sequenceRoles(sizes);
  const cut = (offset: number) =>
    Int32Array.from({ length: rowCount * steps }, (_, i) => stream[Math.floor(i / steps) * (steps + 1) + (i % steps) + offset] ?? 0);
  return preparedOf(
    [{ role: tokens, dtype: 'i32', rowShape: [steps], values: cut(0) }],
    { role: next, dtype: 'i32', rowShape: [steps], values: cut(1) },
    rowCount,
  );
}

/** Embedding, LSTM over the whole sequence, one Dense per step. */
export function lstmNetwork(sizes: SequenceSizes & { readonly features: number; readonly units: number }): NetworkDocument {
  return chain('lstm', [
    ['input', { role: 'tokens' }],
    ['embedding', { vocabulary: sizes.vocabulary, features: sizes.features }],
    ['lstm', { units: sizes.units, returns: 'sequence' }],
    ['dense', { units: sizes.vocabulary }],
    ['output', { role: 'next' }],
  ]);
}

/** Blocks of GPT-2's form: layer norms before attention and before the two dense layers, a skip around each. */
export function gptNetwork(
  sizes: SequenceSizes & { readonly features: number; readonly heads: number; readonly blocks: number },
): NetworkDocument {
  const { vocabulary, features, heads, blocks } = sizes;
  let document = emptyDocument('gpt');
  const add = (type: string, params: ParamValues, ...from: NodeId[]): NodeId => {
    const added = addNode(document, { type, params, position: { x: 0, y: 100 * document.nodes.length } });
    document = from.reduce((drawn, id) => connect(drawn, id, added.node.id), added.document);
    return added.node.id;
  };
  const tokens = add('embedding', { vocabulary, features, initialiser: 'normal' }, add('input', { role: 'tokens' }));
  let stream = add('positionalEmbedding', { initialiser: 'normal' }, tokens);
  for (let block = 0; block < blocks; block++) {
    const heard = add('selfAttention', { heads, causal: true }, add('layerNorm', {}, stream));
    stream = add('add', {}, stream, heard);
    const wide = add('dense', { units: 4 * features, activation: 'gelu' }, add('layerNorm', {}, stream));
    stream = add('add', {}, stream, add('dense', { units: features }, wide));
  }
  add('output', { role: 'next' }, add('dense', { units: vocabulary }, add('layerNorm', {}, stream)));
  return document;
}
