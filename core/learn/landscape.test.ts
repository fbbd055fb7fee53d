import { describe, expect, it } from 'vitest';
import { defaultOptimizer } from '../optimizers/index.ts';
import { layOut, type PlaneKind } from './landscape.ts';
import { planeCourse } from './planeCourse.ts';
import { generatePlane } from './planeData.ts';
import { RaceBench } from './raceBench.ts';
import { runRace, stretchesOf } from './race.ts';

const course = planeCourse(
  { network: { inputs: ['x', 'y'], hidden: [4], activation: 'tanh', classes: 2 }, batchSize: 20, seed: 1 },
  generatePlane({ shape: 'circle', count: 120, noise: 0.1, testShare: 0.5, seed: 1 }),
);
const steps = 40;
const adam = { ...defaultOptimizer('adam'), learningRate: 0.05 };
const sgd = { ...defaultOptimizer('sgd'), learningRate: 0.05 };

describe('a race on a plane of the loss', () => {
  it.each(['principal', 'random', 'ends'] satisfies PlaneKind[])('%s: all start at one place within the map', async (kind) => {
    const said: string[] = [];
    const request = { optimizers: [adam, sgd], steps, plane: kind, side: 9 };
    const { racers, grid } = await new RaceBench().run('', course, request, ({ phase, done, total }) => {
      said.push(`${phase} ${done}/${total}`);
    });
    expect(said[0]).toBe('race 1/80');
    expect(said.at(-1)).toBe('grid 81/81');
    expect(racers[0]!.places.subarray(0, 2)).toEqual(racers[1]!.places.subarray(0, 2));
    const [a0, a1, b0, b1] = grid.range;
    for (const { places, share } of racers) {
      for (let i = 0; i < places.length; i += 2) {
        expect(places[i]).toBeGreaterThan(a0);
        expect(places[i]).toBeLessThan(a1);
        expect(places[i + 1]).toBeGreaterThan(b0);
        expect(places[i + 1]).toBeLessThan(b1);
      }
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(grid.losses.every(Number.isFinite)).toBe(true);
  });

  it('two directions of the paths hold more of them than two random ones', async () => {
    const race = await runRace(course, [adam], steps);
    const share = async (kind: PlaneKind) => (await layOut(course, race, { kind, side: 3 })).racers[0]!.share;
    expect(await share('principal')).toBeGreaterThan(1.5 * (await share('random')));
    // A single racer's plane goes through its start, middle and end.
    expect(await share('ends')).toBeGreaterThan(await share('random'));
  });

  it('a racer that is thrown away does not hide the others', async () => {
    const race = await runRace(course, [adam, { ...adam, learningRate: 1e4 }], steps);
    const { racers, grid } = await layOut(course, race, { kind: 'principal', side: 3 });
    expect(racers.map(({ verdict }) => verdict)).toEqual(['right', 'large']);
    expect(Math.max(...grid.range.map(Math.abs))).toBeLessThan(100);
  });

  it('a finer map keeps what the coarser one knows and is what it would be at once', async () => {
    const race = await runRace(course, [adam, sgd], steps);
    const sides: number[] = [];
    let computed = 0;
    const finer = await layOut(course, race, {
      kind: 'principal',
      side: 13,
      advanced(done, total, soFar) {
        expect([done, total]).toEqual([++computed, 169]);
        if (soFar !== undefined) sides.push(soFar.grid.side);
      },
    });
    expect(new Set(sides)).toEqual(new Set([7]));
    const coarse = await layOut(course, race, { kind: 'principal', side: 7 });
    for (let row = 0; row < 7; row++) {
      for (let column = 0; column < 7; column++)
        expect(finer.grid.losses[26 * row + 2 * column]).toBe(coarse.grid.losses[7 * row + column]);
    }
  });

  it('paths of a large network keep as many steps as fit in memory', () => {
    const large = { ...course, parameters: [{ slot: 'w', shape: [1000, 1000] }] };
    expect(stretchesOf(course, 4, 100)).toEqual({ every: 1, stretches: 100 });
    expect(stretchesOf(large, 4, 100)).toEqual({ every: 5, stretches: 20 });
    expect(stretchesOf({ ...course, parameters: [{ slot: 'w', shape: [1e9] }] }, 4, 100)).toEqual({ every: 100, stretches: 1 });
  });

  it('an estimate counts racers, steps and points of the map; a race that is known takes no more time', async () => {
    const bench = new RaceBench();
    // Every look at the clock is a second later: so long takes whatever is timed.
    const estimate = (steps: number, side: number) => {
      let time = 0;
      return bench.estimate('', course, { optimizers: [adam, sgd], steps, plane: 'random', side }, () => (time += 1000));
    };
    const [one, two] = [await estimate(10, 7), await estimate(20, 13)];
    expect(one).toEqual({ raceMs: 2 * (1000 + 10 * 1000 + 11 * 1000), mapMs: 1000 + 49 * 1000 });
    expect(two).toEqual({ raceMs: 2 * (1000 + 20 * 1000 + 21 * 1000), mapMs: 1000 + 169 * 1000 });
    await bench.run('', course, { optimizers: [adam, sgd], steps: 10, plane: 'principal', side: 3 });
    expect(await estimate(10, 7)).toEqual({ raceMs: 0, mapMs: one.mapMs });
  });
});
