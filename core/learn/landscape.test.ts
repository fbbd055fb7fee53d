import { describe, expect, it } from 'vitest';
import { defaultOptimizer } from '../optimizers/index.ts';
import { layOut, runRace, type PlaneKind } from './landscape.ts';
import { generatePlane } from './planeData.ts';
import type { RaceSetting } from './race.ts';

const setting: RaceSetting = {
  network: { inputs: ['x', 'y'], hidden: [4], activation: 'tanh', classes: 2 },
  batchSize: 20,
  steps: 40,
  seed: 1,
};
const data = generatePlane({ shape: 'circle', count: 120, noise: 0.1, testShare: 0.5, seed: 1 });
const adam = { ...defaultOptimizer('adam'), learningRate: 0.05 };
const sgd = { ...defaultOptimizer('sgd'), learningRate: 0.05 };

describe('a race on a plane of the loss', () => {
  it.each(['principal', 'random', 'ends'] satisfies PlaneKind[])('%s: all start at one place within the map', async (kind) => {
    const steps: string[] = [];
    const paths = await runRace(setting, data, [adam, sgd], (phase, done, total) => void steps.push(`${phase} ${done}/${total}`));
    const { racers, grid } = await layOut(setting, data, paths, kind, 9, (phase, done) => void steps.push(`${phase} ${done}`));
    expect(steps[0]).toBe('race 1/80');
    expect(steps.at(-1)).toBe('grid 9');
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
    const paths = await runRace(setting, data, [adam]);
    const share = async (kind: PlaneKind) => (await layOut(setting, data, paths, kind, 3)).racers[0]!.share;
    expect(await share('principal')).toBeGreaterThan(1.5 * (await share('random')));
    // A single racer's plane goes through its start, middle and end.
    expect(await share('ends')).toBeGreaterThan(await share('random'));
  });

  it('a racer that is thrown away does not hide the others', async () => {
    const paths = await runRace(setting, data, [adam, { ...adam, learningRate: 1e4 }]);
    const { racers, grid } = await layOut(setting, data, paths, 'principal', 3);
    expect(racers.map(({ verdict }) => verdict)).toEqual(['right', 'large']);
    expect(Math.max(...grid.range.map(Math.abs))).toBeLessThan(100);
  });
});
