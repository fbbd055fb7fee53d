/** What is set on the landscape's page, as it is remembered, and the racers that follow from it. */
import { isActivationName, type ActivationName } from '../../../core/layers/activationMath.ts';
import type { PlaneKind } from '../../../core/learn/landscape.ts';
import { classShapes, generatePlane, type PlaneData, type PlaneShape } from '../../../core/learn/planeData.ts';
import type { RaceSetting } from '../../../core/learn/race.ts';
import { defaultOptimizer, optimizerNames, optimizers, type OptimizerConfig, type OptimizerName } from '../../../core/optimizers/index.ts';
import { formatNumber } from '../../ui/format.ts';

export interface LandscapeSettings {
  readonly mode: 'optimizers' | 'rates';
  readonly chosen: readonly OptimizerName[];
  /** Of each optimizer in the race. */
  readonly rates: Readonly<Record<OptimizerName, number>>;
  /** The one that is tried at three rates. */
  readonly optimizer: OptimizerName;
  readonly plane: PlaneKind;
  readonly shape: PlaneShape;
  readonly layers: number;
  readonly units: number;
  readonly activation: ActivationName;
  readonly batchSize: number;
  readonly steps: number;
  readonly seed: number;
}

/** The optimizers' own defaults are for long trainings; a race of some hundred steps over small data takes larger ones. */
export const raceRates: Readonly<Record<OptimizerName, number>> = {
  adam: 0.03,
  adamw: 0.03,
  sgd: 0.05,
  rmsprop: 0.02,
  adagrad: 0.5,
  adadelta: 10,
  adamax: 0.1,
  nadam: 0.02,
  radam: 0.1,
  lamb: 0.02,
  lars: 5,
  lion: 0.01,
};

export const defaultLandscape: LandscapeSettings = {
  mode: 'optimizers',
  chosen: ['adam', 'sgd', 'rmsprop', 'lion'],
  rates: raceRates,
  optimizer: 'adam',
  plane: 'principal',
  shape: 'circle',
  layers: 2,
  units: 4,
  activation: 'tanh',
  batchSize: 20,
  steps: 200,
  seed: 1,
};

export const limits = {
  layers: { min: 0, max: 4 },
  units: { min: 1, max: 12 },
  batchSize: { min: 1, max: 200 },
  steps: { min: 10, max: 1000 },
  seed: { min: 0, max: 999_999 },
} as const;
export const rateLimits = { min: 1e-6, max: 1000 } as const;

/** Settings from an older version or a damaged file: whatever does not fit falls back. */
export function readLandscape(stored: Readonly<Record<string, unknown>>): LandscapeSettings {
  const read = { ...defaultLandscape, ...stored } as LandscapeSettings;
  const whole = (key: keyof typeof limits): number =>
    Number.isFinite(read[key]) ? Math.min(limits[key].max, Math.max(limits[key].min, Math.round(read[key]))) : defaultLandscape[key];
  const oneOf = <T>(value: T, allowed: readonly T[], fallback: T): T => (allowed.includes(value) ? value : fallback);
  const chosen = Array.isArray(read.chosen) ? optimizerNames.filter((name) => read.chosen.includes(name)) : [];
  const rateOf = (name: OptimizerName): number => {
    const rate = Number(read.rates?.[name] ?? NaN);
    return rate >= rateLimits.min && rate <= rateLimits.max ? rate : raceRates[name];
  };
  return {
    mode: oneOf(read.mode, ['optimizers', 'rates'], 'optimizers'),
    chosen: chosen.length > 0 ? chosen : defaultLandscape.chosen,
    rates: Object.fromEntries(optimizerNames.map((name) => [name, rateOf(name)])) as Record<OptimizerName, number>,
    optimizer: oneOf(read.optimizer, optimizerNames, 'adam'),
    plane: oneOf(read.plane, ['principal', 'random', 'ends'], 'principal'),
    shape: oneOf(read.shape, classShapes, 'circle'),
    layers: whole('layers'),
    units: whole('units'),
    activation: isActivationName(read.activation) ? read.activation : 'tanh',
    batchSize: whole('batchSize'),
    steps: whole('steps'),
    seed: whole('seed'),
  };
}

export interface Racer {
  readonly id: string;
  readonly label: string;
  readonly optimizer: OptimizerConfig;
  /** Name of a colour token, and a dash where the colours begin again. */
  readonly colour: string;
  readonly dash: readonly number[];
}

const colours = ['--s1', '--s2', '--s3', '--s4', '--s6', '--s5', '--s7', '--s8'];
/** Of the chosen rate. */
const factors = [0.1, 1, 10];

export function racersOf({ mode, chosen, rates, optimizer }: LandscapeSettings): Racer[] {
  const racer = (id: string, name: OptimizerName, rate: number, label: string, place: number): Racer => ({
    id,
    label,
    optimizer: { ...defaultOptimizer(name), learningRate: rate },
    colour: colours[place % colours.length]!,
    dash: place < colours.length ? [] : [5, 3],
  });
  if (mode === 'optimizers') {
    return chosen.map((name, i) => racer(name, name, rates[name], optimizers[name].title, i));
  }
  return factors.map((factor, i) => {
    const rate = Number((rates[optimizer] * factor).toPrecision(3));
    return racer(`${factor}`, optimizer, rate, `rate ${formatNumber(rate)}`, i);
  });
}

const rows = 400;

export function raceData({ shape, seed }: Pick<LandscapeSettings, 'shape' | 'seed'>): PlaneData {
  return generatePlane({ shape, count: rows, noise: 0.1, testShare: 0.5, seed });
}

export function raceSetting({ layers, units, activation, batchSize, steps, seed }: LandscapeSettings): RaceSetting {
  const hidden = Array.from({ length: layers }, () => units);
  return { network: { inputs: ['x', 'y'], hidden, activation, classes: 2 }, batchSize, steps, seed };
}
