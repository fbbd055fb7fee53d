/**
 * What the time machine says, held against two other ways to find it: every derivation adds up to the gradient that the
 * backward pass computed, and the gradients are the slopes that one sees when a number is changed by hand.
 */
import { describe, expect, it } from 'vitest';
import type { Task } from '../data/dataSet.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { elementCount } from '../ops/shapes.ts';
import { ProblemError } from '../problem.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { draw } from '../testing/documents.ts';
import { taskCase } from '../testing/taskCases.ts';
import { createExplainer, type Explainer } from './explainer.ts';

interface Case {
  readonly task: Task;
  readonly document?: NetworkDocument;
  readonly rows?: readonly number[];
  readonly mode?: 'train' | 'evaluate';
}

const text = (nodes: string, edges: string, params: Parameters<typeof draw>[2]) =>
  draw(`in:input e:embedding ${nodes} d:dense out:output`, edges, {
    in: { role: 'character' },
    e: { vocabulary: 4, features: 4 },
    ...params,
    d: { units: 4 },
    out: { role: 'character' },
  });

const cases: Readonly<Record<string, Case>> = {
  'an MLP': { task: 'classification' },
  'an MLP on a batch': { task: 'regression', rows: [1, 2, 5] },
  'several labels': { task: 'multiLabel' },
  'a GRU': { task: 'sequenceLabelling' },
  'an RNN': { task: 'nextToken' },
  'an LSTM': { task: 'forecasting' },
  'a stacked bidirectional LSTM': {
    task: 'nextToken',
    document: text('r:lstm', 'in>e e>r r>d d>out', { r: { units: 3, returns: 'sequence', layers: 2, bidirectional: true } }),
  },
  'sequence to sequence': { task: 'sequenceToSequence' },
  'a GCN': { task: 'nodeClassification', rows: [0, 7] },
  'a GAT': {
    task: 'nodeClassification',
    document: draw('in:input ed:input g:gat k:gcn out:output', 'in>g ed>g g>k ed>k k>out', {
      in: { role: 'nodes' },
      ed: { role: 'edges' },
      g: { units: 3, heads: 2, activation: 'elu' },
      k: { units: 2 },
      out: { role: 'ring' },
    }),
  },
  'a GIN': {
    task: 'nodeClassification',
    document: draw('in:input ed:input g:gin k:graphSage out:output', 'in>g ed>g g>k ed>k k>out', {
      in: { role: 'nodes' },
      ed: { role: 'edges' },
      g: { units: 3, hidden: 4, learnEpsilon: true },
      k: { units: 2 },
      out: { role: 'ring' },
    }),
  },
  'a variational autoencoder': { task: 'autoencoding' },
  'a CNN': {
    task: 'autoencoding',
    document: draw('in:input c:conv2d p:maxPool2d n:batchNorm f:flatten d:dense out:output', 'in>c c>n n>p p>f f>d d>out', {
      in: { role: 'image' },
      c: { filters: 3, kernel: 3, padding: 'same', activation: 'relu' },
      p: { kernel: 2 },
      d: { units: 16 },
      out: { role: 'image' },
    }),
    rows: [3, 4],
    mode: 'train',
  },
  diffusion: { task: 'diffusion' },
  'a transformer': {
    task: 'nextToken',
    document: text('a:transformerEncoder', 'in>e e>a a>d d>out', { a: { heads: 2, hidden: 6, causal: true, dropout: 0 } }),
  },
  'attention with groups and turned positions': {
    task: 'nextToken',
    document: text('a:selfAttention', 'in>e e>a a>d d>out', { a: { heads: 2, keyHeads: 1, rotary: true, causal: true } }),
  },
};

function open({ task, document, rows = [2], mode }: Case, precision: 'f32' | 'f64' = 'f64'): Explainer {
  const known = taskCase(task);
  const data = prepareData(known.dataSet, known.config);
  return createExplainer({ document: document ?? known.document, config: known.config, data, rows, precision, ...(mode && { mode }) });
}

/** A few elements of every value, the first and the last among them. */
function someOf(count: number): number[] {
  return [...new Set([0, Math.floor(count / 3), Math.floor((2 * count) / 3), count - 1])];
}

describe.each(Object.entries(cases))('%s', (_name, own) => {
  it('derives every gradient from what follows', () => {
    const machine = open(own);
    const { named, gradients, program } = machine.explanation;
    let checked = 0;
    for (const [value] of named) {
      if (!gradients.has(value)) continue;
      for (const element of someOf(elementCount(program.values[value]!.shape))) {
        const { gradient, sum, number } = machine.derive({ value, element });
        expect(number).toBe(machine.read(value)[element]);
        expect(Math.abs(sum - gradient), JSON.stringify(named.get(value))).toBeLessThan(1e-9 * (1 + Math.abs(gradient)));
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(12);
  });

  it('has the gradients that small changes by hand show', () => {
    const machine = open(own);
    const { parameters, loss } = machine.explanation;
    const lossAt = () => machine.read(loss)[0]!;
    for (const { value, gradient, slot } of parameters) {
      const [numbers, slopes] = [machine.read(value), machine.read(gradient).slice()];
      for (const element of someOf(numbers.length)) {
        const h = 1e-4;
        const start = machine.read(value)[element]!;
        const [up, down] = [start + h, start - h].map((to) => {
          machine.change([{ value, at: { element }, to }]);
          return lossAt();
        });
        machine.change([]);
        const slope = (up! - down!) / (2 * h);
        expect(Math.abs(slope - slopes[element]!), `${slot}[${element}]`).toBeLessThan(2e-5 + 1e-4 * Math.abs(slope));
      }
    }
  });

  it('says what sums are made of', () => {
    const machine = open(own);
    const { named, program } = machine.explanation;
    let sums = 0;
    for (const [value] of named) {
      for (const element of someOf(elementCount(program.values[value]!.shape))) {
        const made = machine.compose({ value, element });
        expect(made.number).toBe(machine.read(value)[element]);
        if (made.kind !== 'sum') continue;
        sums++;
        expect(Math.abs(made.sum - made.number), JSON.stringify(named.get(value))).toBeLessThan(1e-9 * (1 + Math.abs(made.number)));
      }
    }
    expect(sums).toBeGreaterThan(0);
  });

  it('has stages that read only what was computed', () => {
    const machine = open(own);
    const { stages } = machine.explanation;
    expect(stages.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      'forward',
      'loss',
      'backward',
      'update',
    ]);
    for (const stage of stages) {
      if (stage.phase !== 'forward') continue;
      for (const ref of [...stage.inputs, ...stage.weights, ...stage.inside, stage.output]) {
        expect(machine.read(ref.id)).toHaveLength(elementCount(ref.shape));
        if (ref.gradient !== undefined) expect(machine.read(ref.gradient)).toHaveLength(elementCount(ref.shape));
      }
    }
  });
});

describe('the time machine', () => {
  it('takes steps that lower the loss, and takes them back', () => {
    const machine = open({ task: 'classification', rows: [0, 1, 2, 3] }, 'f32');
    const { loss, parameters } = machine.explanation;
    const weight = parameters[0]!;
    const [first, start] = [machine.read(loss)[0]!, machine.read(weight.value).slice()];
    const after = machine.read(weight.after).slice();
    for (let i = 0; i < 5; i++) machine.advance();
    expect(machine.read(loss)[0]).toBeLessThan(first);
    expect(machine.step).toBe(5);
    for (let i = 0; i < 4; i++) machine.back();
    expect(machine.read(weight.value)).toEqual(after);
    machine.back();
    expect([machine.read(loss)[0], machine.read(weight.value), machine.taken]).toEqual([first, start, 0]);
  });

  it('has the slope of every elementwise activation', () => {
    const machine = open({ task: 'classification' });
    const hidden = machine.explanation.stages.find((stage) => stage.phase === 'forward' && stage.slope !== undefined);
    if (hidden?.phase !== 'forward' || hidden.slope === undefined) throw new Error('no layer has a slope');
    const outputs = machine.read(hidden.output.id);
    const slopes = machine.read(hidden.slope.id);
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(1 - outputs[i]! ** 2, 12));
  });

  it('names the input that a weight is multiplied with', () => {
    const machine = open({ task: 'classification' });
    const [input, , hidden] = machine.explanation.stages;
    if (input?.phase !== 'forward' || hidden?.phase !== 'forward') throw new Error('no layers');
    const [weight] = machine.explanation.parameters;
    const [, features = 1] = weight!.shape;
    const { terms } = machine.derive({ value: weight!.value, element: 2 * features });
    expect(terms).toHaveLength(1);
    expect(terms[0]).toMatchObject({ name: { name: 'preActivation' }, element: 2, localIs: { value: input.output.id, element: 0 } });
    expect(terms[0]!.localIs!.number).toBe(terms[0]!.local);
  });

  it('names the operands of a function in the order of its formula, and where to look last', () => {
    const machine = open(cases['a GAT']!);
    const layer = machine.explanation.stages.find((stage) => stage.phase === 'forward' && stage.type === 'gat');
    if (layer?.phase !== 'forward') throw new Error('no GAT');
    const [scores, attention, targets] = ['edgeScores', 'attention', 'targets'].map((name) =>
      layer.inside.find((ref) => ref.name === name)!,
    );
    const node = machine.read(targets!.id)[0]!;
    const arriving = [...machine.read(targets!.id)].filter((end) => end === node).length;
    const { kind, terms } = machine.compose({ value: attention!.id, element: 1, limit: 100 });
    const found = terms.flatMap(({ factors }) => factors);
    expect(kind).toBe('function');
    // The softmax's own score first, then those it is compared with, the largest first; the ends of the edges last.
    expect(found[0]).toMatchObject({ value: scores!.id, element: 1 });
    const compared = found.filter(({ value }) => value === scores!.id).slice(1);
    expect(compared.length).toBeGreaterThanOrEqual(arriving - 1);
    const sizes = compared.map(({ number }) => Math.abs(number));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(found.findLastIndex(({ value }) => value === scores!.id)).toBeLessThan(found.findIndex(({ value }) => value === targets!.id));
  });

  it('mutes a part of a value', () => {
    const machine = open({ task: 'classification' });
    const layer = machine.explanation.stages[1]!;
    if (layer.phase !== 'forward') throw new Error('the second stage is no layer');
    machine.change([{ value: layer.output.id, at: { axis: 1, index: 2 }, to: 0 }]);
    expect(machine.read(layer.output.id)[2]).toBe(0);
    expect(machine.read(layer.output.id)[1]).not.toBe(0);
  });

  it('says which rows there are', () => {
    expect(() => open({ task: 'classification', rows: [60] })).toThrow(/no row 60; its rows are 0 to 59/);
    expect(() => open({ task: 'classification', rows: [] })).toThrow(/No sample was chosen/);
  });

  it('says why an adversarial pair is not followed', () => {
    expect(() => open({ task: 'adversarial' })).toThrow(ProblemError);
  });
});
