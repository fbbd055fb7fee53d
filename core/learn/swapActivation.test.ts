import { describe, expect, it } from 'vitest';
import { drawBlock, drawWithBlocks } from '../testing/blocks.ts';
import { draw } from '../testing/documents.ts';
import { activationOf, activationSites, pathOf, placeOf, swapActivations } from './swapActivation.ts';

const plain = draw('in:input a:dense act:leakyRelu b:dense r:rnn last:dense out:output', 'in>a a>act act>b b>r r>last last>out', {
  a: { units: 4 },
  act: { negativeSlope: 0.2 },
  b: { units: 4, activation: 'relu' },
  last: { units: 1, activation: 'sigmoid' },
});
const names = (document = plain) => document.nodes.map((node) => activationOf(node) ?? null);

describe('activations of a network', () => {
  it('are found in parameters, their defaults, and layers that stand alone', () => {
    expect(names()).toEqual([null, null, 'leakyRelu', 'relu', 'tanh', 'sigmoid', null]);
    expect(activationOf({ type: 'dense', params: { activation: 'softmax' } })).toBeUndefined();
    expect(activationSites(plain).map(({ path }) => path.join('/'))).toEqual(['act', 'b', 'r']);
  });

  it('one is swapped and the others stay', () => {
    const [alone, inDense, inRnn] = activationSites(plain);
    expect(names(swapActivations(plain, 'tanh', [inDense!]))).toEqual([null, null, 'leakyRelu', 'tanh', 'tanh', 'sigmoid', null]);
    const swapped = swapActivations(plain, 'gelu', [alone!]);
    expect(swapped.nodes[2]).toMatchObject({ id: 'act', name: 'act', type: 'gelu', params: {} });
    expect(swapActivations(plain, 'linear', [alone!]).nodes[2]).toMatchObject({ type: 'identity' });
    // An RNN offers tanh and ReLU only.
    expect(swapActivations(plain, 'gelu', [inRnn!])).toEqual(plain);
    expect(swapActivations(plain, 'leakyRelu', [alone!])).toEqual(plain);
  });

  it('all are swapped but the answer’s', () => {
    expect(names(swapActivations(plain, 'relu', activationSites(plain)))).toEqual([null, null, 'relu', 'relu', 'relu', 'sigmoid', null]);
  });

  it('in blocks, and in blocks of blocks', () => {
    const inner = drawBlock('inner', 'in:blockInput d:dense out:blockOutput', 'in>d d>out', { d: { activation: 'tanh' } });
    const outer = drawBlock('outer', 'in:blockInput one:block=inner act:relu out:blockOutput', 'in>one one>act act>out');
    const document = drawWithBlocks('in:input body:block=outer last:dense out:output', 'in>body body>last last>out', {}, [inner, outer]);
    const sites = activationSites(document);
    expect(placeOf(document, 'body/0/one/0/d')).toBe('body › one › d');
    expect(placeOf(document, 'last')).toBe('last');
    expect(placeOf(document, 'gone/0/d')).toBe('gone/0/d');
    const repeated = { ...document, nodes: document.nodes.map((node) => (node.id === 'body' ? { ...node, params: { repeat: 3 } } : node)) };
    expect(placeOf(repeated, 'body/1/one/0/d')).toBe('body #2 › one › d');
    expect(sites.map(({ path }) => path.join('/'))).toEqual(['body/one/d', 'body/act']);
    expect(pathOf('body/0/one/2/d')).toEqual(['body', 'one', 'd']);
    const swapped = swapActivations(document, 'silu', [sites[0]!]);
    expect(swapped.blocks[0]!.nodes[1]!.params).toEqual({ activation: 'silu' });
    expect(swapped.blocks[1]).toEqual(outer);
    expect(swapActivations(document, 'silu', sites).blocks[1]!.nodes[2]).toMatchObject({ type: 'silu' });
  });
});
