import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import { simplify } from '../plan/simplify.ts';
import { checkLayer, readShape } from '../testing/checkLayer.ts';
import { draw } from '../testing/documents.ts';
import { findLayer, resolveParams } from './index.ts';

describe('batteries', () => {
  it('RNN', async () => {
    await checkLayer({ type: 'rnn', params: { units: 2 }, inputs: ['T5 F3'], shape: 'B × 2', fixtures: ['rnn, last', 'rnn, sequence'] });
    await checkLayer({
      type: 'rnn',
      params: { units: 2, bidirectional: true, returns: 'sequence' },
      inputs: ['T3 F2', 'F4'],
      shape: 'B × 3 × 4',
      fixtures: ['rnn, relu', 'rnn without bias, both directions', 'rnn, stacked, from a state'],
    });
  });

  it('GRU', async () => {
    await checkLayer({
      type: 'gru',
      params: { units: 2 },
      inputs: ['T5 F3'],
      shape: 'B × 2',
      fixtures: ['gru, last', 'gru, sequence', 'gru without bias'],
    });
    await checkLayer({
      type: 'gru',
      params: { units: 2, layers: 2, bidirectional: true, returns: 'state' },
      inputs: ['T2 F3', 'F8'],
      shape: 'B × 8',
      fixtures: ['gru, stacked, both directions', 'gru, whole state', 'gru from a state'],
    });
    await checkLayer({ type: 'gru', params: { units: 1, bias: false }, inputs: ['T1 F2'], shape: 'B × 1' });
  });

  it('LSTM', async () => {
    await checkLayer({ type: 'lstm', params: { units: 2 }, inputs: ['T5 F3'], shape: 'B × 2', fixtures: ['lstm, last'] });
    await checkLayer({
      type: 'lstm',
      params: { units: 2, returns: 'sequence' },
      inputs: ['T4 F3', 'F2'],
      shape: 'B × 4 × 2',
      fixtures: ['lstm, sequence', 'lstm without bias, two steps', 'lstm from a state', 'lstm from a hidden state'],
    });
    await checkLayer({ type: 'lstm', params: { units: 1, bias: false }, inputs: ['T1 F2'], shape: 'B × 1' });
  });

  it('LSTM, stacked and in both directions', async () => {
    await checkLayer({
      type: 'lstm',
      params: { units: 1, layers: 2, bidirectional: true, returns: 'state' },
      inputs: ['T2 F2', 'F8'],
      shape: 'B × 8',
      fixtures: [
        'lstm, stacked, both directions',
        'lstm, stacked, both directions, last',
        'lstm, whole state',
        'lstm from a state, stacked, both directions',
      ],
    });
  });

  it('drops between layers, in training', async () => {
    const params = { units: 2, layers: 2, dropout: 0.3, returns: 'sequence' };
    await checkLayer({ type: 'gru', params, inputs: ['T2 F2'], shape: 'B × 2 × 2', mode: 'train' });
  });
});

const states = (encoder: ParamValues, decoder: ParamValues) =>
  inferShapes(
    draw(
      'words:input known:embedding encoder:lstm said:input so:embedding decoder:lstm',
      'words>known known>encoder said>so so>decoder encoder>decoder',
      {
        words: { shape: '6 tokens' },
        said: { shape: '4 tokens' },
        encoder: { units: 8, ...encoder },
        decoder: { units: 8, returns: 'sequence', ...decoder },
      },
    ),
    null,
  );

describe('the state to start from', () => {
  it('is the whole state of a layer of the same size', () => {
    const { problems, nodes } = states({ returns: 'state', layers: 2 }, { layers: 2 });
    expect(problems.filter(({ code }) => code.startsWith('recurrent'))).toEqual([]);
    expect(nodes.get('encoder')?.summary).toBe('8 units · 2 layers · whole state');
    expect(nodes.get('decoder')?.summary).toBe('8 units · 2 layers · from a state · sequence');
    // One that reads both ways fits one of twice the units.
    expect(states({ returns: 'state', bidirectional: true }, { units: 16 }).nodes.get('decoder')?.output?.[2]?.size).toBe(16);
  });

  it('refuses other sizes and offers a Dense', () => {
    const { problems } = states({ units: 5 }, {});
    expect(problems.find(({ code }) => code === 'recurrent.state')).toMatchObject({
      message: 'decoder starts from a state of B × 16, or B × 8 without the memory, got B × 5 from encoder.',
      hint: 'Let encoder return its whole state with as many units and layers, or bring it to 8 features with a Dense.',
      fixes: [{ kind: 'insertAfter', edge: 'encoder>decoder', layer: 'dense', params: { units: 8 } }],
    });
    expect(states({ returns: 'sequence' }, {}).problems.find(({ code }) => code === 'recurrent.state')?.message).toBe(
      'decoder starts from a state of B × 16, or B × 8 without the memory, got B × 6 × 8 from encoder.',
    );
  });
});

describe('a layer that returns something else', () => {
  it('is set to return the sequence that another expects', () => {
    const { nodes } = inferShapes(
      draw('x:input e:embedding below:gru above:selfAttention', 'x>e e>below below>above', { x: { shape: '6 tokens' } }),
      null,
    );
    expect(nodes.get('above')?.problems[0]?.fixes?.[0]).toEqual({
      kind: 'setParam',
      label: 'Let below return its whole sequence',
      node: 'below',
      param: 'returns',
      value: 'sequence',
    });
  });

  it('is set to return its whole state where that fits', () => {
    const first = (encoder: ParamValues, decoder: ParamValues) =>
      states(encoder, decoder).problems.find(({ code }) => code === 'recurrent.state')?.fixes?.[0];
    expect(first({ layers: 2, returns: 'sequence' }, { layers: 2 })).toMatchObject({ node: 'encoder', param: 'returns', value: 'state' });
    expect(first({ units: 5 }, {})).toMatchObject({ kind: 'insertAfter', layer: 'dense' });
  });
});

it.each(['rnn', 'gru', 'lstm'])('%s refuses a row and offers to read it as steps', (type) => {
  const { problems } = inferShapes(draw(`x:input r:${type}`, 'x>r', { x: { shape: '5' } }), null);
  expect(problems.find(({ code }) => code === 'shape.sequence')).toMatchObject({
    message: 'r expects sequences (B × time × features), got B × 5 from x.',
    fixes: [{ kind: 'insertAfter', layer: 'reshape', params: { shape: '5 × 1' } }],
  });
});

/** The ops of a layer on (2, steps, 4) with the gradients by inputs and weights, simplified. */
function trainingOps(type: string, params: ParamValues, steps: number) {
  const layer = findLayer(type);
  if (layer === undefined) throw new Error(type);
  const context = {
    params: resolveParams(layer, { units: 3, returns: 'sequence', ...params }),
    inputs: [readShape(`T${steps} F4`)],
    inputNames: ['x'],
    name: 'layer_1',
  };
  const b = createBuilder({ name: type, batchSize: 0 });
  const weights = Object.fromEntries(layer.weights(context).map(({ name, shape }) => [name, b.slot(name, { shape, dtype: 'f32' })]));
  const x = b.slot('x', { shape: [2, steps, 4], dtype: 'f32' });
  const out = layer.lower({ ...context, b, values: [x], weights, mode: 'train' });
  const all = { x, ...weights };
  const changes = gradients(b, b.sum(b.unary('square', out), [0, 1, 2]), Object.values(all));
  changes.forEach((change, i) => b.assign(Object.keys(all)[i] ?? '', change));
  const { ops } = simplify(b.build());
  return {
    count: (name: string) => ops.filter(({ op }) => op === name).length,
    weightGradients: ops.flatMap((op) => (op.op === 'contract' && op.attrs.out === 'oi' ? [op.attrs] : [])),
  };
}

describe('the gradients of an unrolled layer are few contractions and no long chain of additions', () => {
  const steps = 12;
  const recurrentGradient = { left: 'tbi', right: 'tbo', out: 'oi' };

  it.each(['lstm', 'gru', 'rnn'])('%s', (type) => {
    const { count, weightGradients } = trainingOps(type, {}, steps);
    // Forward 1 + T, backward T − 1 through time, and one each for x, W_ih and W_hh.
    expect(count('contract')).toBe(1 + steps + (steps - 1) + 3);
    expect(weightGradients).toEqual(expect.arrayContaining([{ left: 'bti', right: 'tbo', out: 'oi' }, recurrentGradient]));
    expect(weightGradients.length).toBe(2);
    expect(count('pad')).toBe(0);
  });

  it('concatenates what an LSTM needs, once', () => {
    // Gates per step, all gate gradients once for both weights, the states before and after each step.
    expect(trainingOps('lstm', {}, steps).count('concat')).toBe(steps + 3);
  });

  it.each(['lstm', 'gru'])('%s of two layers in both directions', (type) => {
    const { count, weightGradients } = trainingOps(type, { layers: 2, bidirectional: true }, steps);
    // Four runs; x and the states between the layers get one gradient from each direction.
    expect(count('contract')).toBe(4 * (1 + steps + (steps - 1) + 3));
    expect(weightGradients.length).toBe(8);
    expect(weightGradients.filter(({ left }) => left === 'bti').length).toBe(2);
  });
});
