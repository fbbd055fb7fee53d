import { describe, expect, it } from 'vitest';
import type { LayerStage, Stage, TensorRef } from '../../../core/explain/stages.ts';
import { momentsOf, nodesBehind, phasesOf } from './moments.ts';

const ref = (id: number, name: string, more: Partial<TensorRef> = {}): TensorRef => ({
  id,
  name,
  shape: [1, 2],
  dtype: 'f32',
  gradient: 100 + id,
  ...more,
});
const layer = (node: string, inputNodes: readonly string[], more: Partial<LayerStage> = {}): LayerStage => ({
  node,
  name: node,
  type: 'dense',
  params: {},
  inputNodes,
  inputs: inputNodes.map((_, i) => ref(10 + i, 'output')),
  weights: [{ ...ref(20, 'weight'), slot: `${node}/weight` }],
  inside: [],
  output: ref(30, 'output'),
  ...more,
});
const input = layer('in', [], { type: 'input', weights: [], output: ref(1, 'output') });
const gates = [0, 1].flatMap((step) => [ref(40 + 2 * step, 'inputGate', { step }), ref(41 + 2 * step, 'cell', { step })]);
const lstm = layer('r', ['in'], { type: 'lstm', inside: gates });
const graph = layer('g', ['in'], { inside: [ref(50, 'sources', { dtype: 'i32' }), ref(51, 'messages')] });
const stages: Stage[] = [
  { phase: 'forward', ...input },
  { phase: 'forward', ...lstm },
  { phase: 'forward', ...graph },
  { phase: 'backward', ...graph },
  { phase: 'backward', ...lstm },
];

describe('moments', () => {
  const moments = momentsOf(stages);

  it('go through a layer from what arrives to what it gives, and back', () => {
    const of = (phase: string, node: string) =>
      moments.filter((moment) => moment.phase === phase && moment.node === node).map(({ kind }) => kind);
    expect(of('forward', 'in')).toEqual(['gives']);
    expect(of('forward', 'g')).toEqual(['arrives', 'inside', 'gives']);
    expect(of('backward', 'g')).toEqual(['incoming', 'insideGradient', 'weightGradient', 'inputGradient']);
  });

  it('show one step of time after the other, backwards from the last', () => {
    const steps = (phase: string) => moments.filter((moment) => moment.phase === phase && moment.step !== undefined);
    expect(steps('forward').map(({ step, shown }) => [step, shown.map(({ ref: own }) => own.name)])).toEqual([
      [0, ['inputGate', 'cell']],
      [1, ['inputGate', 'cell']],
    ]);
    expect(steps('backward').map(({ step }) => step)).toEqual([1, 0]);
  });

  it('leave out where nothing flows', () => {
    const { gradient: _, ...dead } = ref(60, 'output');
    const moment = momentsOf([{ phase: 'backward', ...layer('d', ['in'], { output: dead }) }]);
    expect(moment.map(({ kind }) => kind)).toEqual(['weightGradient', 'inputGradient']);
  });

  it('are counted by phase', () => {
    const phases = phasesOf(moments);
    expect(phases.map(({ phase }) => phase)).toEqual(['forward', 'backward']);
    expect(phases[1]!.from).toBe(phases[0]!.count);
    expect(phases[0]!.count + phases[1]!.count).toBe(moments.length);
  });

  it('follow a layer to the end', () => {
    expect([...nodesBehind(stages, 'in')]).toEqual(['in', 'r', 'g']);
    expect([...nodesBehind(stages, 'g')]).toEqual(['g']);
  });
});
