import { describe, expect, it } from 'vitest';
import type { LossGrid } from '../../../core/learn/lossGrid.ts';
import { planeCourse } from '../../../core/learn/planeCourse.ts';
import { runRacer } from '../../../core/learn/race.ts';
import { defaultOptimizer } from '../../../core/optimizers/index.ts';
import { drawnHeights, heightOf, heightsOf } from './drawLandscape.ts';
import { LandscapeLoop, type LandscapeAnswer, type LandscapeRequest } from './landscapeLoop.ts';
import { choicesFor, defaultLandscape, planeRace, racersOf, raceData, readLandscape } from './landscapeSettings.ts';

const settings = { ...defaultLandscape, steps: 20, units: 2 };

function request(id: number, change: Partial<typeof settings> = {}): LandscapeRequest {
  const all = { ...settings, ...change };
  const optimizers = racersOf(all.mode, all).map(({ optimizer }) => optimizer);
  return { id, race: planeRace(all), data: raceData(all), request: { optimizers, steps: all.steps, plane: all.plane, side: 13 } };
}

function started() {
  const answers: LandscapeAnswer[] = [];
  let time = 0;
  const loop = new LandscapeLoop({
    post: (answer) => answers.push(answer),
    // Every look at the clock takes longer than it may take until progress is told.
    now: () => (time += 100),
    breathe: () => new Promise((resolve) => setTimeout(resolve)),
  });
  return { loop, answers };
}

describe('the loop behind the landscape', () => {
  it('tells progress, then the landscape with the losses of the race itself', async () => {
    const { loop, answers } = started();
    await loop.receive(request(1));
    const done = answers.at(-1);
    if (done?.kind !== 'done') throw new Error('not done');
    const { racers, grid } = done.landscape;
    expect(racers.length).toBe(4);
    expect(grid.losses.length).toBe(13 * 13);
    const [adam] = racersOf(settings.mode, settings);
    const course = planeCourse(planeRace(settings), raceData(settings));
    expect(racers[0]!.losses).toEqual((await runRacer(course, adam!.optimizer, settings.steps)).losses);
    const phases = answers.flatMap((answer) => (answer.kind === 'progress' ? [answer.phase] : []));
    expect([...new Set(phases)]).toEqual(['race', 'grid']);
  });

  it('another plane needs no other race, and a newer request ends an older one', async () => {
    const { loop, answers } = started();
    await loop.receive(request(1));
    answers.length = 0;
    await loop.receive(request(2, { plane: 'random' }));
    expect(answers.some((answer) => answer.kind === 'progress' && answer.phase === 'race')).toBe(false);
    answers.length = 0;
    await Promise.all([loop.receive(request(3, { seed: 5 })), loop.receive(request(4, { seed: 6 }))]);
    expect(answers.filter(({ kind }) => kind === 'done').map(({ id }) => id)).toEqual([4]);
  });
});

describe('its settings', () => {
  it('what does not fit falls back', () => {
    expect(readLandscape({})).toEqual(defaultLandscape);
    expect(readLandscape({ chosen: ['nothing'], rates: { adam: -1, sgd: 0.2 }, steps: 1e9, plane: 7, layers: 'x' })).toEqual({
      ...defaultLandscape,
      rates: { ...defaultLandscape.rates, sgd: 0.2 },
      steps: 1000,
    });
  });

  it('one optimizer at a tenth, the whole and ten times its rate', () => {
    const racers = racersOf('rates', { ...settings, optimizer: 'sgd' });
    expect(racers.map(({ optimizer }) => optimizer.learningRate)).toEqual([0.005, 0.05, 0.5]);
    expect(new Set(racers.map(({ colour }) => colour)).size).toBe(3);
  });

  it('of an open network: its own optimizer as it is trained with, others at their defaults, but for what was set', () => {
    const trained = { ...defaultOptimizer('adamw'), learningRate: 0.002, weightDecay: 0.5 };
    const choices = choicesFor(undefined, trained);
    expect(choices).toMatchObject({ chosen: ['adam', 'adamw', 'sgd', 'rmsprop'], optimizer: 'adamw' });
    const [adam, adamw] = racersOf('optimizers', choices, trained).map(({ optimizer }) => optimizer);
    expect(adamw).toEqual(trained);
    expect(adam).toEqual(defaultOptimizer('adam'));
    const { open } = readLandscape({ open: { n1: { chosen: ['sgd', 'none'], rates: { sgd: 3, adam: -1 } }, n2: { optimizer: 'x' } } });
    expect(open).toEqual({ n1: { chosen: ['sgd'], rates: { sgd: 3 } }, n2: {} });
    expect(racersOf('optimizers', choicesFor(open['n1'], trained), trained).map(({ optimizer }) => optimizer.learningRate)).toEqual([3]);
  });
});

it('heights are logarithmic and leave out what is no number', () => {
  const grid: LossGrid = { side: 2, range: [0, 1, 0, 1], losses: Float32Array.of(0.01, 1, NaN, Infinity) };
  const heights = heightsOf(grid);
  expect(heights.low).toBeCloseTo(0.01);
  expect(heights.high).toBe(1);
  expect(heightOf(0.1, heights)).toBeCloseTo(0.5);
  expect(heightOf(50, heights)).toBe(1);
  const walls: LossGrid = {
    side: 5,
    range: [0, 1, 0, 1],
    losses: Float32Array.from({ length: 25 }, (_, i) => (i < 23 ? 1 + i / 10 : 900)),
  };
  expect(drawnHeights(walls).high).toBeCloseTo(3.2, 5);
});
