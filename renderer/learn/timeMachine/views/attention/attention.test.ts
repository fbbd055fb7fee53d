import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../../../core/explain/record.ts';
import type { LayerStage, Stage, TensorRef } from '../../../../../core/explain/stages.ts';
import { keepLoss, keptLoss } from './heardLoss.ts';
import { attentionsOf, isMuted, looksAt, muteEdits, tokensBehind, tokenText, withMute } from './attention.ts';

const ref = (id: number, name: string, shape: readonly number[]): TensorRef => ({ id, name, shape, dtype: 'f32' });
const layer = (node: string, type: string, more: Partial<LayerStage>): LayerStage => ({
  node,
  name: node,
  type,
  params: {},
  inputNodes: [],
  inputs: [],
  weights: [],
  inside: [],
  output: ref(1, 'output', [1, 5, 8]),
  ...more,
});
const decoder = layer('d', 'transformerDecoder', {
  inputNodes: ['e', 'm'],
  inside: [
    ref(10, 'attention', [1, 2, 5, 5]),
    ref(11, 'heads', [1, 5, 2, 4]),
    ref(20, 'attention', [1, 2, 5, 7]),
    ref(21, 'heads', [1, 5, 2, 4]),
  ],
});
const [own, toMemory] = attentionsOf(decoder) as [ReturnType<typeof attentionsOf>[0], ReturnType<typeof attentionsOf>[0]];

describe('attention', () => {
  it('of a decoder block is one to itself and one to the memory', () => {
    expect(own).toMatchObject({ heads: 2, queries: 5, keys: 5, keyPort: 0 });
    expect(toMemory).toMatchObject({ heads: 2, queries: 5, keys: 7, keyPort: 1 });
  });

  it('along the edges of a graph is another matter', () => {
    expect(attentionsOf(layer('g', 'gat', { inside: [ref(1, 'attention', [9, 2]), ref(2, 'heads', [9, 2])] }))).toEqual([]);
  });

  it('has heads that are muted one by one and heard again', () => {
    const other = { value: 3, at: { element: 4 }, to: 1 };
    const muted = withMute([other], own, 1, true);
    expect(muted).toEqual([other, { value: 11, at: { axis: 2, index: 1 }, to: 0 }]);
    expect([isMuted(muted, own, 0), isMuted(muted, own, 1), isMuted(muted, toMemory, 1)]).toEqual([false, true, false]);
    expect(withMute(muted, own, 1, false)).toEqual([other]);
  });

  it('with groups mutes one head element by element', () => {
    const grouped = attentionsOf(
      layer('a', 'selfAttention', { inside: [ref(1, 'attention', [1, 2, 2, 3, 3]), ref(2, 'heads', [1, 3, 2, 2, 2])] }),
    )[0]!;
    expect(grouped.heads).toBe(4);
    const elements = muteEdits(grouped, 2).map(({ at }) => ('element' in at ? at.element : NaN));
    expect(elements).toEqual([4, 5, 12, 13, 20, 21]);
    expect(isMuted(withMute([], grouped, 2, true), grouped, 2)).toBe(true);
    expect(withMute(muteEdits(grouped, 2), grouped, 2, false)).toEqual([]);
  });

  it('finds the tokens that its steps stand for', () => {
    const tokens = ref(30, 'output', [1, 5]);
    const stages: Stage[] = [
      { phase: 'forward', ...layer('in', 'input', { params: { role: 'text' }, output: tokens }) },
      { phase: 'forward', ...layer('e', 'embedding', { inputNodes: ['in'] }) },
    ];
    expect(tokensBehind(stages, decoder, 0, 5, { text: ['a', 'b'] })).toEqual({ ref: tokens, names: ['a', 'b'] });
    expect(tokensBehind(stages, decoder, 0, 6, { text: ['a', 'b'] })).toBeUndefined();
    expect(tokensBehind(stages, decoder, 1, 5, { text: ['a', 'b'] })).toBeUndefined();
    expect([tokenText('a', 0), tokenText(' ', 0), tokenText('\n', 0), tokenText(undefined, 3)]).toEqual(['a', '␣', '⏎', '4']);
  });

  it('says where a row looks', () => {
    expect(looksAt([0.1, 0.6, 0.3], 2)).toEqual([
      { key: 1, weight: 0.6 },
      { key: 2, weight: 0.3 },
    ]);
  });
});

describe('the loss with all heads', () => {
  const state = { step: 3, taken: 0, learningRate: 0.1, loss: 2, edits: [] as readonly Edit[] };
  const machine: { state: typeof state | null } = { state };

  it('is kept while heads are muted, and not when something else changes', () => {
    expect(keptLoss(machine, 11)).toBeUndefined();
    keepLoss(machine, 11);
    machine.state = { ...state, loss: 5, edits: muteEdits(own, 1) };
    expect(keptLoss(machine, 11)).toBe(2);
    machine.state = { ...state, edits: [...muteEdits(own, 1), { value: 4, at: { element: 0 }, to: 1 }] };
    expect(keptLoss(machine, 11)).toBeUndefined();
    machine.state = { ...state, step: 4 };
    expect(keptLoss(machine, 11)).toBeUndefined();
  });
});
