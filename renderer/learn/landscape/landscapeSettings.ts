/** What is set on the landscape's page, as it is remembered, and the racers that follow from it. */
import { isActivationName, type ActivationName } from '../../../core/layers/activationMath.ts';
import type { PlaneKind } from '../../../core/learn/landscape.ts';
import type { gridSides } from '../../../core/learn/lossGrid.ts';
import { classShapes, generatePlane, type PlaneData, type PlaneShape } from '../../../core/learn/planeData.ts';
import type { PlaneRace } from '../../../core/learn/planeCourse.ts';
import { defaultOptimizer, optimizerNames, optimizers, type OptimizerConfig, type OptimizerName } from '../../../core/optimizers/index.ts';
import { formatNumber } from '../../ui/format.ts';

/** Who races. */
export interface Choices {
  readonly chosen: readonly OptimizerName[];
  /** Of each optimizer in the race. */
  readonly rates: Readonly<Record<OptimizerName, number>>;
  /** The one that is tried at three rates. */
  readonly optimizer: OptimizerName;
}

/** What was chosen for one open network other than its own training says. */
export type OwnChoices = Partial<Omit<Choices, 'rates'>> & { readonly rates?: Readonly<Partial<Record<OptimizerName, number>>> };

export interface LandscapeSettings extends Choices {
  readonly source: 'bench' | 'open';
  readonly mode: 'optimizers' | 'rates';
  readonly plane: PlaneKind;
  readonly shape: PlaneShape;
  readonly layers: number;
  readonly units: number;
  readonly activation: ActivationName;
  readonly batchSize: number;
  readonly steps: number;
  readonly seed: number;
  /** Of the open network's race. */
  readonly openSteps: number;
  /** Points along a side of the open network's map. */
  readonly side: MapSide;
  /** By the network's id. */
  readonly open: Readonly<Record<string, OwnChoices>>;
}

export const mapSides = [13, 25, 49] as const satisfies readonly (typeof gridSides)[number][];
export type MapSide = (typeof mapSides)[number];

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
  source: 'bench',
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
  openSteps: 100,
  side: 25,
  open: {},
};

export const limits = {
  layers: { min: 0, max: 4 },
  units: { min: 1, max: 12 },
  batchSize: { min: 1, max: 200 },
  steps: { min: 10, max: 1000 },
  openSteps: { min: 2, max: 1000 },
  seed: { min: 0, max: 999_999 },
} as const;
export const rateLimits = { min: 1e-6, max: 1000 } as const;

/** Settings from an older version or a damaged file: whatever does not fit falls back. */
export function readLandscape(stored: Readonly<Record<string, unknown>>): LandscapeSettings {
  const read = { ...defaultLandscape, ...stored } as LandscapeSettings;
  const whole = (key: keyof typeof limits): number =>
    Number.isFinite(read[key]) ? Math.min(limits[key].max, Math.max(limits[key].min, Math.round(read[key]))) : defaultLandscape[key];
  const oneOf = <T>(value: T, allowed: readonly T[], fallback: T): T => (allowed.includes(value) ? value : fallback);
  const chosen = namesIn(read.chosen);
  const rateOf = (name: OptimizerName): number => (isRate(read.rates?.[name]) ? read.rates[name] : raceRates[name]);
  return {
    source: oneOf(read.source, ['bench', 'open'], 'bench'),
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
    openSteps: whole('openSteps'),
    side: oneOf(read.side, mapSides, 25),
    open: Object.fromEntries(
      Object.entries(read.open ?? {})
        .slice(-mostNetworks)
        .map(([id, own]) => [id, readOwn(own)]),
    ),
  };
}

/** Choices are remembered for so many networks. */
const mostNetworks = 20;

function readOwn(stored: OwnChoices): OwnChoices {
  const chosen = namesIn(stored.chosen);
  const rates = optimizerNames.filter((name) => isRate(stored.rates?.[name])).map((name) => [name, stored.rates![name]!]);
  return {
    ...(chosen.length > 0 && { chosen }),
    ...(stored.optimizer !== undefined && optimizerNames.includes(stored.optimizer) && { optimizer: stored.optimizer }),
    ...(rates.length > 0 && { rates: Object.fromEntries(rates) as NonNullable<OwnChoices['rates']> }),
  };
}

const namesIn = (stored: unknown): OptimizerName[] => (Array.isArray(stored) ? optimizerNames.filter((name) => stored.includes(name)) : []);
const isRate = (stored: unknown): boolean => Number(stored) >= rateLimits.min && Number(stored) <= rateLimits.max;

/** Where nothing was chosen: the optimizer of the network's training with three others, each at its own default rate. */
export function choicesFor(own: OwnChoices | undefined, trained: OptimizerConfig): Choices {
  const usual = new Set<OptimizerName>([trained.type, ...defaultLandscape.chosen]);
  const chosen = optimizerNames.filter((name) => [...usual].slice(0, 4).includes(name));
  const rates = optimizerNames.map((name) => [name, own?.rates?.[name] ?? configFor(name, trained).learningRate]);
  return {
    chosen: own?.chosen ?? chosen,
    optimizer: own?.optimizer ?? trained.type,
    rates: Object.fromEntries(rates) as Choices['rates'],
  };
}

/** The training's own settings where it uses this optimizer. */
export function configFor(name: OptimizerName, trained?: OptimizerConfig): OptimizerConfig {
  return trained?.type === name ? trained : defaultOptimizer(name);
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

/** @param trained the optimizer of the network's training */
export function racersOf(mode: LandscapeSettings['mode'], { chosen, rates, optimizer }: Choices, trained?: OptimizerConfig): Racer[] {
  const racer = (id: string, name: OptimizerName, rate: number, label: string, place: number): Racer => ({
    id,
    label,
    optimizer: { ...configFor(name, trained), learningRate: rate },
    colour: colours[place % colours.length]!,
    dash: place < colours.length ? [] : [5, 3],
  });
  if (mode === 'optimizers') {
    return chosen.map((name, i) => racer(name, name, rates[name], optimizers[name].title, i));
  }
  return factors.map((factor, i) => {
    const rate = Number(Math.min(rateLimits.max, rates[optimizer] * factor).toPrecision(3));
    return racer(`${factor}`, optimizer, rate, `rate ${formatNumber(rate)}`, i);
  });
}

const rows = 400;

export function raceData({ shape, seed }: Pick<LandscapeSettings, 'shape' | 'seed'>): PlaneData {
  return generatePlane({ shape, count: rows, noise: 0.1, testShare: 0.5, seed });
}

export function planeRace({ layers, units, activation, batchSize, seed }: LandscapeSettings): PlaneRace {
  const hidden = Array.from({ length: layers }, () => units);
  return { network: { inputs: ['x', 'y'], hidden, activation, classes: 2 }, batchSize, seed };
}

/** Points along a side of the bench's map: it is computed in a moment. */
export const benchSide = 49;
