import { describe, expect, it } from 'vitest';
import type { Task } from '../data/dataSet.ts';
import type { PreparedData } from '../data/prepared.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { ProblemError } from '../problem.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { draw } from '../testing/documents.ts';
import { taskCase } from '../testing/taskCases.ts';
import type { Checkpoint } from '../train/records.ts';
import { createScorer } from '../train/score.ts';
import { openSession } from '../train/session.ts';
import { train } from '../train/trainer.ts';
import { countOf, onLane, type Course } from './course.ts';
import { layOut } from './landscape.ts';
import { placeAt, pointAt } from './lossGrid.ts';
import { filterNormalised, norm } from './lossPlane.ts';
import { networkCourse, type NetworkRace } from './networkCourse.ts';
import { pointsOf, runRace } from './race.ts';

function raceOf(task: Task, change: Partial<NetworkRace> = {}): NetworkRace {
  const { dataSet, document, config } = taskCase(task);
  const all = { document, config, ...change };
  return { ...all, data: prepareData(dataSet, all.config) };
}

const courseOf = (race: NetworkRace): Course => networkCourse(race, createReferenceEngine);
const optimizers = [defaultOptimizer('adam'), defaultOptimizer('sgd')];

/** The loss over the training part as a run scores it, with these weights. */
async function scored(race: NetworkRace, { parameters }: Course, point: Float32Array, engine = createReferenceEngine()): Promise<number> {
  const lowered = await openSession({ ...race, engine });
  let at = 0;
  for (const { slot, shape } of parameters) await engine.write(slot, point.subarray(at, (at += elementCount(shape))));
  const scorer = createScorer(engine, lowered, race.data, race.data.parts.train, { now: () => 0 });
  while (await scorer.advance());
  await engine.dispose();
  return scorer.result().loss;
}

async function problemOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problem.code}: ${error.problem.message}`;
    throw error;
  }
  return 'none';
}

/** Of every kind: rows, windows, whole graphs, sums that layers add, noise that the task draws. */
const raced = ['regression', 'nodeClassification', 'forecasting', 'sequenceToSequence', 'autoencoding', 'diffusion'] satisfies Task[];

describe.each(raced)('a race of %s', (task) => {
  it('starts everyone at the same loss; weights alone decide it', async () => {
    const course = networkCourse(raceOf(task), createWasmEngine);
    const { paths, every } = await runRace(course, optimizers, 3);
    expect(every).toBe(1);
    expect(new Set(paths.map(({ losses }) => losses[0])).size).toBe(1);
    expect(paths.every(({ losses }) => losses.length === 4 && losses.every(Number.isFinite))).toBe(true);
    expect(paths[0]!.losses[3]).not.toBe(paths[1]!.losses[3]);
    // On the other's lane, steps later: the same loss of the same weights.
    await onLane(course.open(optimizers[0]), async (lane) => {
      await lane.step(0);
      await lane.write(pointsOf(paths[1]!)[3] as Float32Array);
      expect(await lane.loss()).toBe(paths[1]!.losses[3]);
    });
  });
});

describe.each(['classification', 'regression', 'nodeClassification', 'nextToken'] satisfies Task[])('the loss of %s', (task) => {
  it('at (0, 0) of the plane and anywhere on its grid is that of the training part', async () => {
    const race = raceOf(task);
    const course = courseOf(race);
    expect(course.sample).toEqual({ rows: race.data.parts.train.length, of: race.data.parts.train.length });
    const done = await runRace(course, optimizers, 2);
    const { grid } = await layOut(course, done, { kind: 'random', side: 3 });
    const [first, second] = done.paths.map((path) => pointsOf(path).at(-1) as Float32Array);
    const end = done.paths[0]!.losses.at(-1)! <= done.paths[1]!.losses.at(-1)! ? first! : second!;
    const plane = filterNormalised(course.parameters, end, course.seed);
    const point = new Float32Array(countOf(course.parameters));
    const close = async (expected: number, own: number) =>
      expect(Math.abs(own - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    await onLane(course.open(), async (lane) => {
      await lane.write(pointAt(plane, [0, 0], point));
      await close(await scored(race, course, point), await lane.loss());
    });
    for (const at of [0, 5]) {
      pointAt(plane, placeAt(grid.range, 3, Math.floor(at / 3), at % 3), point);
      await close(await scored(race, course, point, createWasmEngine()), grid.losses[at]!);
    }
  });
});

describe('a racer', () => {
  it("with the training's own optimizer goes exactly where the training goes, short batches and accumulation included", async () => {
    for (const accumulation of [1, 3]) {
      const { document, config } = taskCase('classification');
      const race = raceOf('classification', { document, config: { ...config, epochs: 1, controls: { ...config.controls, accumulation } } });
      const course = courseOf(race);
      let last: Checkpoint | undefined;
      const platform = { now: () => 0, poll: async () => undefined, wait: async () => undefined };
      const job = { ...race, engine: createReferenceEngine(), platform, commands: { next: () => undefined } };
      for await (const event of train(job)) if (event.type === 'checkpoint') last = event.checkpoint;
      const { paths } = await runRace(course, [race.config.optimizer], last!.step);
      let at = 0;
      const end = pointsOf(paths[0]!).at(-1)!;
      for (const { slot, shape } of course.parameters) expect(end.slice(at, (at += elementCount(shape)))).toEqual(last!.slots[slot]);
    }
  });
});

const images = 'in:input c:conv2d n:batchNorm t:convTranspose2d f:flatten d:dense out:output';
const imageNetwork = draw(images, 'in>c c>n n>t t>f f>d d>out', {
  in: { role: 'image' },
  c: { filters: 3, kernel: 3, padding: 'same' },
  t: { filters: 2, kernel: 2, stride: 2 },
  d: { units: 2 },
  out: { role: 'half' },
});

function imageRace(): NetworkRace {
  const { dataSet, config } = taskCase('autoencoding');
  const { config: classes } = taskCase('classification');
  const preparation = { ...config.preparation, target: dataSet.info.defaultTarget! };
  const all = { ...config, task: { type: 'classification' as const }, loss: classes.loss, preparation };
  return { document: imageNetwork, config: all, data: prepareData(dataSet, all) };
}

describe('a network of convolutions', () => {
  it('random directions are as long as every kernel and unit they move; biases, scales and shifts stay', () => {
    const { parameters } = courseOf(imageRace());
    expect(parameters.map(({ slot, filterAxis }) => [slot, filterAxis])).toEqual([
      ['c/weight', 0],
      ['c/bias', undefined],
      ['n/weight', undefined],
      ['n/bias', undefined],
      ['t/weight', 1],
      ['t/bias', undefined],
      ['d/weight', 0],
      ['d/bias', undefined],
    ]);
    const centre = Float32Array.from({ length: countOf(parameters) }, (_, i) => Math.sin(i * i));
    const { first } = filterNormalised(parameters, centre, 1);
    let at = 0;
    for (const { shape, filterAxis } of parameters) {
      const size = elementCount(shape);
      const own = first.subarray(at, at + size);
      if (filterAxis === undefined) expect(own.every((value) => value === 0)).toBe(true);
      else {
        const inner = elementCount(shape.slice(filterAxis + 1));
        for (let filter = 0; filter < shape[filterAxis]!; filter++) {
          const within = (all: ArrayLike<number>) =>
            Float64Array.from(all).filter((_, i) => Math.floor(i / inner) % shape[filterAxis]! === filter);
          expect(norm(within(own))).toBeCloseTo(norm(within(centre.subarray(at, at + size))), 6);
        }
      }
      at += size;
    }
  });

  it('normalises by the sample itself: running statistics do not change the loss', async () => {
    const course = courseOf(imageRace());
    const start = await onLane(course.open(), (lane) => lane.loss());
    await onLane(course.open(optimizers[0]), async (lane) => {
      const point = new Float32Array(countOf(course.parameters));
      await lane.read(point);
      for (let step = 0; step < 3; step++) await lane.step(step);
      expect(await lane.loss()).not.toBe(start);
      await lane.write(point);
      expect(await lane.loss()).toBe(start);
    });
  });
});

describe('what cannot be raced', () => {
  const data = (race: NetworkRace): PreparedData => race.data;
  it('says so in one sentence', async () => {
    const pair = raceOf('adversarial');
    expect(await problemOf(() => courseOf(pair))).toMatch(/^race.adversarial: An adversarial pair has no loss landscape/);
    const race = raceOf('classification');
    const cut = { ...race.document, edges: [] };
    expect(await problemOf(() => courseOf({ ...race, document: cut, data: data(race) }))).not.toMatch(/^(none|race)/);
    const frozen = { ...race.document, nodes: race.document.nodes.map((node) => ({ ...node, frozen: true as const })) };
    expect(await problemOf(() => courseOf({ ...race, document: frozen }))).toMatch(/no weights that are trained|frozen/);
  });
});
