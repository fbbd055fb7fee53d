import { describe, expect, it } from 'vitest';
import { draw, featuresRole, imageRoles, labelRole, tableRoles } from '../testing/documents.ts';
import type { NetworkDocument } from './document.ts';
import { applyFix } from './edit.ts';
import { inferShapes } from './inferShapes.ts';
import { formatShape } from './shape.ts';
import { chain } from './starterNetwork.ts';

const bound = { in: { role: 'image' }, out: { role: 'label' } };
const mlp = draw('in:input flat:flatten h:dense last:dense out:output', 'in>flat flat>h h>last last>out', {
  ...bound,
  h: { units: 128, activation: 'relu' },
  last: { units: 10 },
});

function shapesOf(document: NetworkDocument, roles = imageRoles): Record<string, string> {
  const shapes = inferShapes(document, roles);
  return Object.fromEntries([...shapes.nodes].map(([id, node]) => [id, node.output === undefined ? '-' : formatShape(node.output)]));
}

const messages = (document: NetworkDocument, roles: Parameters<typeof inferShapes>[1] = imageRoles): string[] =>
  inferShapes(document, roles).problems.map(({ message }) => message);

describe('inferShapes', () => {
  it('gives every node and edge its shape, parameters, work and summary', () => {
    const shapes = inferShapes(mlp, imageRoles);
    expect(shapes.problems).toEqual([]);
    expect(shapes.order).toEqual(['in', 'flat', 'h', 'last', 'out']);
    expect(shapesOf(mlp)).toEqual({ in: 'B × 1 × 28 × 28', flat: 'B × 784', h: 'B × 128', last: 'B × 10', out: '-' });
    expect(shapes.parameters).toBe(784 * 128 + 128 + 128 * 10 + 10);
    expect(shapes.flops).toBe(2 * (784 * 128 + 128 * 10));
    expect(shapes.edges.get('flat>h')?.shape).toEqual(shapes.nodes.get('flat')?.output);
    expect([...shapes.nodes.values()].map(({ summary }) => summary)).toEqual([
      '1 × 28 × 28, scaled 0–1',
      '784 features',
      '128 units · ReLU',
      '10 units',
      '10 classes · cross-entropy',
    ]);
  });

  it('uses the shape without data only while no data set is chosen', () => {
    const document = draw('in:input h:dense', 'in>h', { in: { role: 'image', shape: '3x8' } });
    expect(shapesOf(document, null as never)).toEqual({ in: 'B × 3 × 8', h: 'B × 3 × 64' });
    expect(messages(draw('in:input', '', { in: { shape: 'wide' } }), null)).toEqual([
      'in: the shape without data should be 1 to 4 whole numbers such as 784 or 1 × 28 × 28, got "wide".',
    ]);
    expect(inferShapes(draw('in:input h:dense', 'in>h'), null).problems).toEqual([]);
  });

  const cases: [what: string, document: NetworkDocument, expected: string[]][] = [
    [
      'an image into Dense',
      draw('in:input dense_1:dense out:output', 'in>dense_1 dense_1>out', bound),
      ['dense_1 expects a row of features (B × F), got B × 1 × 28 × 28 from in.'],
    ],
    [
      'wrong number of units',
      draw('in:input f:flatten d:dense out:output', 'in>f f>d d>out', { ...bound, d: { units: 5 } }),
      ['out expects 10 units because "label" has 10 classes, got 5 from d.'],
    ],
    [
      'an image into Output',
      draw('in:input out:output', 'in>out', bound),
      ['out expects one row of 10 units per sample for "label", got B × 1 × 28 × 28 from in.'],
    ],
    [
      'a cycle',
      draw('in:input a:add b:relu out:output', 'in>a b>a a>b b>out', bound),
      ['The connections form a cycle, a → b → a; a network must flow from Input to Output.'],
    ],
    [
      'a node that leads to itself',
      draw('in:input a:add', 'in>a a>a', bound),
      ['The connections form a cycle, a → a; a network must flow from Input to Output.'],
    ],
    [
      'an unknown layer',
      draw('in:input x:conv9d out:output', 'in>x x>out', bound),
      ['x is a layer of type "conv9d", which this Layerbench does not know.'],
    ],
    [
      'a type that is a property of every object',
      draw('in:input x:constructor', 'in>x', bound),
      ['x is a layer of type "constructor", which this Layerbench does not know.'],
    ],
    ['no input', draw('in:input d:dense', '', bound), ['d has no input, expected one input.']],
    ['one input of two', draw('in:input a:add', 'in>a', bound), ['a has only the input in, expected at least 2 inputs.']],
    [
      'two inputs of one',
      draw('in:input f:flatten g:flatten d:dense', 'in>f in>g f>d g>d', bound),
      ['d takes one input, but f and g are both connected.'],
    ],
    [
      'an edge into Input',
      draw('in:input f:flatten', 'f>in', bound),
      ['in takes no input, but f is connected to it.', 'f has no input, expected one input.'],
    ],
    [
      'an edge from Output',
      draw('in:input f:flatten d:dense out:output r:relu', 'in>f f>d d>out out>r', { ...bound, d: { units: 10 } }),
      ['out ends the network, but is connected on to r.'],
    ],
    [
      'a dangling edge',
      draw('in:input f:flatten', 'in>f f>gone', bound),
      ['A connection from f leads to a layer "gone" that is not in the document.'],
    ],
    [
      'a parameter out of range',
      draw('in:input f:flatten d:dropout', 'in>f f>d', { ...bound, d: { probability: 1.5 } }),
      ['d: Probability should be a number from 0 to 0.99, got 1.5.'],
    ],
    [
      'a parameter of the wrong type',
      draw('in:input f:flatten d:dense', 'in>f f>d', { ...bound, d: { units: 'many' } }),
      ['d: Units should be a whole number from 1 to 1,000,000, got "many".'],
    ],
    [
      'an unknown parameter',
      draw('in:input f:flatten', 'in>f', { ...bound, f: { unit: 3 } }),
      ['f has a parameter "unit" that Flatten does not know.'],
    ],
    [
      'an unknown choice',
      draw('in:input f:flatten d:gelu', 'in>f f>d', { ...bound, d: { approximation: 'sine' } }),
      ['d: Formula should be one of "none", "tanh", got "sine".'],
    ],
    [
      'unequal branches into Add',
      draw('in:input f:flatten p:dense q:dense a:add', 'in>f f>p f>q p>a q>a', { ...bound, p: { units: 3 }, q: { units: 4 } }),
      ['a expects equal shapes, got B × 3 from p and B × 4 from q.'],
    ],
    [
      'image and features into Concat',
      draw('in:input f:flatten c:concat', 'in>f in>c f>c', bound),
      ['c joins along channels and expects all other dimensions equal, got B × 1 × 28 × 28 from in and B × 784 from f.'],
    ],
    [
      'softmax of an image',
      draw('in:input s:softmax', 'in>s', bound),
      ['s expects a row of features (B × F), got B × 1 × 28 × 28 from in.'],
    ],
  ];
  it.each(cases)('%s', (_what, document, expected) => {
    expect(messages(document)).toEqual(expected);
  });

  it('says what an Input and an Output can be bound to', () => {
    expect(messages(mlp, tableRoles)).toEqual([
      'in is bound to "image", but the data set offers the input "features".',
      'out is bound to "label", but the data set offers the target "mass".',
    ]);
    expect(messages(draw('in:input', ''), imageRoles)).toEqual(['in is not bound to the data: it should name the input "image".']);
  });

  it('names both layers that share a name, and renames one', () => {
    const twice = { ...mlp, nodes: mlp.nodes.map((node) => (node.id === 'last' ? { ...node, name: 'h' } : node)) };
    const problem = inferShapes(twice, imageRoles).problems[0];
    expect(problem?.message).toBe('Two layers are named h, expected every name once.');
    expect(shapesOf(twice).last).toBe('B × 10');
    const fixed = applyFix(twice, problem?.fixes?.[0] ?? { kind: 'removeNode', label: '', node: '' });
    expect(fixed.nodes.find(({ id }) => id === 'last')?.name).toBe('dense_1');
  });

  it('keeps the rest usable beside a cycle and an unknown layer', () => {
    const document = draw('in:input f:flatten d:dense a:add b:relu x:future y:dense', 'in>f f>d d>a b>a a>b x>y', bound);
    expect(shapesOf(document)).toMatchObject({ f: 'B × 784', d: 'B × 64', a: '-', b: '-', x: '-', y: '-' });
    expect(inferShapes(document, imageRoles).problems).toHaveLength(2);
  });

  it('refuses a layer saved by a newer definition', () => {
    const newer = { ...mlp, nodes: mlp.nodes.map((node) => (node.id === 'h' ? { ...node, typeVersion: 7 } : node)) };
    expect(messages(newer)).toEqual(['h was saved with version 7 of Dense, this Layerbench knows up to version 1.']);
  });

  it('is fast: 100 layers within 16 ms', () => {
    const deep = chain('deep', [
      ['input', { role: 'features' }],
      ...Array.from({ length: 98 }, () => ['dense', { units: 32 }] as const),
      ['output', {}],
    ]);
    inferShapes(deep, [featuresRole, labelRole]);
    const from = performance.now();
    for (let i = 0; i < 10; i++) inferShapes(deep, [featuresRole, labelRole]);
    expect((performance.now() - from) / 10).toBeLessThan(16);
  });
});

describe('fixes', () => {
  const everyFix: [what: string, document: NetworkDocument, label: string][] = [
    [
      'Flatten before Dense',
      draw('in:input dense_1:dense out:output', 'in>dense_1 dense_1>out', { ...bound, dense_1: { units: 10 } }),
      'Insert Flatten before dense_1',
    ],
    [
      'units of the last Dense',
      draw('in:input f:flatten dense_3:dense r:relu out:output', 'in>f f>dense_3 dense_3>r r>out', bound),
      'Set dense_3 to 10 units',
    ],
    ['a Dense where there is none', draw('in:input f:flatten out:output', 'in>f f>out', bound), 'Insert a Dense with 10 units before out'],
    [
      'a binding',
      draw('in:input f:flatten d:dense out:output', 'in>f f>d d>out', {
        in: { role: 'features' },
        out: { role: 'label' },
        d: { units: 10 },
      }),
      'Bind in to "image"',
    ],
    [
      'one of two inputs',
      draw('in:input f:flatten g:flatten d:dense out:output', 'in>f in>g f>d g>d d>out', { ...bound, d: { units: 10 } }),
      'Disconnect g',
    ],
    [
      'a parameter',
      draw('in:input f:flatten d:dense out:output', 'in>f f>d d>out', { ...bound, d: { units: 10, activation: 'reLU' } }),
      'Set Activation to its default, Linear',
    ],
    [
      'an unknown parameter',
      draw('in:input f:flatten d:dense out:output', 'in>f f>d d>out', { ...bound, d: { units: 10, size: 3 } }),
      'Remove "size"',
    ],
    [
      'an unknown layer',
      draw('in:input f:flatten x:magic d:dense out:output', 'in>f f>x x>d d>out', { ...bound, d: { units: 10 } }),
      'Remove x',
    ],
    [
      'the loose end, where there is just one',
      draw('in:input f:flatten d:dense out:output', 'in>f d>out', { ...bound, d: { units: 10 } }),
      'Connect f to d',
    ],
    ['a dangling edge', { ...mlp, edges: [...mlp.edges, { id: 'e9', from: 'gone', to: 'h', toPort: 1 }] }, 'Remove the connection'],
  ];
  it.each(everyFix)('%s solves the problem in one step', (_what, document, label) => {
    const fix = inferShapes(document, imageRoles)
      .problems.flatMap(({ fixes = [] }) => fixes)
      .find((candidate) => candidate.label === label);
    expect(fix).toBeDefined();
    if (fix !== undefined) expect(messages(applyFix(document, fix))).toEqual([]);
  });
});

it('offers no connection where two layers lead nowhere, nor one that closes a cycle', () => {
  const fixes = (document: NetworkDocument) => inferShapes(document, imageRoles).problems.flatMap((problem) => problem.fixes ?? []);
  expect(fixes(draw('in:input f:flatten g:flatten d:dense', 'in>f in>g', bound)).filter(({ kind }) => kind === 'connect')).toEqual([]);
  expect(fixes(draw('d:dense e:dense', 'd>e')).filter(({ kind }) => kind === 'connect')).toEqual([]);
});

describe('softmax before Output', () => {
  const ends = (type: string): NetworkDocument =>
    draw(`in:input f:flatten d:dense s:${type} out:output`, 'in>f f>d d>s s>out', { ...bound, d: { units: 10 } });
  it('is fused and says so', () => {
    const shapes = inferShapes(ends('softmax'), imageRoles);
    expect([...shapes.softmaxFused]).toEqual(['s']);
    expect(shapes.nodes.get('s')?.summary).toBe('probabilities, fused into cross-entropy');
    expect([...inferShapes(ends('logSoftmax'), imageRoles).softmaxFused]).toEqual(['s']);
  });
  it('is fused as the activation of the last Dense', () => {
    const document = draw('in:input f:flatten d:dense out:output', 'in>f f>d d>out', { ...bound, d: { units: 10, activation: 'softmax' } });
    expect(inferShapes(document, imageRoles).nodes.get('d')?.summary).toBe('10 units · Softmax, fused into cross-entropy');
  });
  it('is left alone elsewhere', () => {
    expect(inferShapes(ends('relu'), imageRoles).softmaxFused.size).toBe(0);
    expect(inferShapes(ends('softmax'), null).softmaxFused.size).toBe(0);
  });
});
