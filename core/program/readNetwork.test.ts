import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { LayerNode, NetworkDocument } from '../graph/document.ts';
import { changeNode, drawBlock, drawWithBlocks, repeatedBlock } from '../testing/blocks.ts';
import { expectClose } from '../testing/compare.ts';
import { draw, featuresRole, massRole } from '../testing/documents.ts';
import { featureRole, openTestSession, preparedOf, testConfig, trainSteps } from '../testing/sessions.ts';
import { wave } from '../testing/torchFixture.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { defaultLoss } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { lowerSession } from './lowerSession.ts';

const config: RunConfig = {
  ...testConfig,
  task: { type: 'regression' },
  loss: defaultLoss('regression'),
  optimizer: { ...defaultOptimizer('adam'), learningRate: 0.01 },
};
const rows = 16;
const data = preparedOf(
  [featureRole(featuresRole, Float32Array.from(wave(rows * 5, 1)))],
  featureRole(massRole, Float32Array.from(wave(rows, 2))),
  rows,
);
const batches = [0, 1, 2, 3].map((i) => Int32Array.from({ length: 8 }, (_, k) => (8 * i + k) % rows));

/** Losses of four steps in float64, and what became of the slots. */
async function train(document: NetworkDocument, renamed: (slot: string) => string = (slot) => slot) {
  const engine = createReferenceEngine({ precision: 'f64' });
  const lowered = lowerSession({ document, config, data });
  const weights = new Map(
    lowered.parameters.map(({ slot, spec }) => {
      const name = renamed(slot);
      const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
      return [
        slot,
        Float32Array.from(
          wave(
            spec.shape.reduce((a, b) => a * b, 1),
            seed,
          ),
        ).map((x) => x / 3),
      ] as const;
    }),
  );
  await openTestSession(engine, document, data, config, weights);
  return { losses: await trainSteps(engine, lowered, batches, 0.01), lowered, engine, weights };
}

const same = (a: readonly number[], b: readonly number[]) => expectClose(a, b, { relative: 1e-12, absolute: 1e-12 }, { what: 'losses' });

describe('a block', () => {
  const unrolled = draw('in:input first:dense p:dense q:dense r:dense last:dense out:output', 'in>first first>p p>q q>r r>last last>out', {
    in: { role: 'features' },
    first: { units: 6 },
    ...Object.fromEntries(['p', 'q', 'r'].map((name) => [name, { units: 6, activation: 'tanh' }])),
    last: { units: 1 },
    out: { role: 'mass' },
  });

  it('trains as the same layers without it, each repetition with weights of its own', async () => {
    const blocks = await train(repeatedBlock(), (slot) => slot.replace(/^body\/(\d)\/d\//, (_, i: string) => `${'pqr'[Number(i)]}/`));
    expect(blocks.lowered.parameters.map(({ slot }) => slot)).toEqual(
      ['first', 'body/0/d', 'body/1/d', 'body/2/d', 'last'].flatMap((node) => [`${node}/weight`, `${node}/bias`]),
    );
    same(blocks.losses, (await train(unrolled)).losses);
    const tags = new Set(blocks.lowered.programs.train.ops.map(({ node }) => node));
    expect([...tags].filter((node) => node?.startsWith('body'))).toEqual(['body/0/d', 'body/1/d', 'body/2/d']);
  });

  it('in a block, with two inputs, is one path of ids', () => {
    const inner = drawBlock('inner', 'x:blockInput y:blockInput d:dense a:add out:blockOutput', 'x>d d>a y>a a>out', { d: { units: 5 } });
    const outer = drawBlock('outer', 'in:blockInput i:block=inner out:blockOutput', 'in>i in>i i>out', { i: { repeat: 2 } });
    const document = drawWithBlocks(
      'in:input o:block=outer last:dense out:output',
      'in>o o>last last>out',
      { in: { role: 'features' }, o: { repeat: 2 }, last: { units: 1 }, out: { role: 'mass' } },
      [inner, outer],
    );
    const lowered = lowerSession({ document, config, data });
    expect(lowered.parameters.map(({ slot }) => slot).filter((slot) => slot.endsWith('weight'))).toEqual([
      'o/0/i/0/d/weight',
      'o/0/i/1/d/weight',
      'o/1/i/0/d/weight',
      'o/1/i/1/d/weight',
      'last/weight',
    ]);
    expect(lowered.parameterCount).toBe(4 * 30 + 6);
  });
});

describe('shared and frozen weights', () => {
  const square = (change: Partial<LayerNode> = {}): NetworkDocument =>
    changeNode(
      draw('in:input p:dense q:dense last:dense out:output', 'in>p p>q q>last last>out', {
        in: { role: 'features' },
        p: { units: 5, bias: false, activation: 'tanh' },
        q: { units: 5, bias: false },
        last: { units: 1 },
        out: { role: 'mass' },
      }),
      'q',
      change,
    );

  it('change by the sum of both gradients', async () => {
    const sgd: RunConfig = { ...config, optimizer: { ...defaultOptimizer('sgd'), learningRate: 1, momentum: 0 } };
    const weight = Float32Array.from(wave(25, 3));
    const last = Float32Array.from(wave(5, 4));
    /** By how much one step changes each of the square weights. */
    const changes = async (document: NetworkDocument, slots: readonly string[]) => {
      const engine = createReferenceEngine({ precision: 'f64' });
      const start = new Map([...slots.map((slot) => [slot, weight] as const), ['last/weight', last], ['last/bias', new Float32Array(1)]]);
      const lowered = await openTestSession(engine, document, data, sgd, start);
      expect(lowered.parameters.map(({ slot }) => slot)).toEqual([...slots, 'last/weight', 'last/bias']);
      await trainSteps(engine, lowered, batches.slice(0, 1), 1);
      return Promise.all(slots.map(async (slot) => Array.from(await engine.read(slot), (x, i) => x - (weight[i] ?? 0))));
    };
    const [own = [], other = []] = await changes(square(), ['p/weight', 'q/weight']);
    const [both = []] = await changes(square({ weightsOf: 'p' }), ['p/weight']);
    expectClose(
      both,
      own.map((x, i) => x + (other[i] ?? 0)),
      { relative: 1e-9, absolute: 1e-12 },
      { what: 'change' },
    );
  });

  it('stay as they start, without optimizer state', async () => {
    const { lowered, engine, weights, losses } = await train(square({ frozen: true }));
    expect(lowered.slots.filter(({ name }) => name.startsWith('q/')).map(({ name }) => name)).toEqual(['q/weight']);
    expect([...(await engine.read('q/weight'))]).toEqual([...(weights.get('q/weight') ?? [])]);
    expect([...(await engine.read('p/weight'))]).not.toEqual([...(weights.get('p/weight') ?? [])]);
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  it('of a block are frozen in every repetition', () => {
    const lowered = lowerSession({ document: changeNode(repeatedBlock(), 'body', { frozen: true }), config, data });
    expect(lowered.parameters.filter(({ frozen }) => frozen === true)).toHaveLength(6);
    expect(lowered.slots.filter(({ kind }) => kind === 'optimizer').every(({ name }) => !name.startsWith('body'))).toBe(true);
  });

  it('refuse to train nothing', () => {
    const document = ['p', 'q', 'last'].reduce((changed, id) => changeNode(changed, id, { frozen: true }), square());
    expect(() => lowerSession({ document, config, data })).toThrow('All weights of the network are frozen');
  });
});
