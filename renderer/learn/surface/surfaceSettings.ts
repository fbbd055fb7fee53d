/** What is set on the decision surface's page, as it is remembered, and what a change of it asks of the worker. */
import type { PlaneSettings } from '../../../core/learn/planeBench.ts';
import { classShapes, numberShapes, type DrawnPoint, type PlaneShape } from '../../../core/learn/planeData.ts';
import { maxHiddenLayers, maxHiddenUnits, planeInputs, type PlaneInput } from '../../../core/learn/planeNetwork.ts';
import type { Penalty } from '../../../core/learn/planePrograms.ts';
import { isActivationName, type ActivationName } from '../../../core/layers/activationMath.ts';
import { defaultOptimizer, optimizerNames, type OptimizerConfig, type OptimizerName } from '../../../core/optimizers/index.ts';
import { readDrawn } from './drawing.ts';

export interface OwnChoice {
  readonly dataSet: string;
  readonly x: string;
  readonly y: string;
  readonly target: string;
}

export interface SurfaceSettings {
  readonly source: 'generated' | 'own' | 'drawn';
  readonly problem: 'classification' | 'regression';
  readonly shape: PlaneShape;
  readonly count: number;
  readonly noise: number;
  readonly testShare: number;
  readonly own: OwnChoice;
  /** By hand, in the order they were drawn. */
  readonly drawn: readonly DrawnPoint[];
  /** The class that is drawn. */
  readonly brush: DrawnPoint['target'];
  readonly inputs: readonly PlaneInput[];
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly penalty: Penalty;
  readonly penaltyRate: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly showTest: boolean;
  readonly discretise: boolean;
}

export const defaultSurface: SurfaceSettings = {
  source: 'generated',
  problem: 'classification',
  shape: 'circle',
  count: 500,
  noise: 0.1,
  testShare: 0.5,
  own: { dataSet: '', x: '', y: '', target: '' },
  drawn: [],
  brush: 0,
  inputs: ['x', 'y'],
  hidden: [4, 2],
  activation: 'tanh',
  optimizer: 'sgd',
  learningRate: 0.01,
  penalty: 'none',
  penaltyRate: 0.001,
  batchSize: 10,
  seed: 1,
  showTest: false,
  discretise: false,
};

export const limits = {
  count: { min: 20, max: 2000 },
  noise: { min: 0, max: 1 },
  testShare: { min: 0.1, max: 0.9 },
  batchSize: { min: 1, max: 500 },
  learningRate: { min: 1e-6, max: 1000 },
  penaltyRate: { min: 0, max: 10 },
  seed: { min: 0, max: 999_999 },
} as const;

/** Settings from an older version or a damaged file: whatever does not fit falls back. */
export function readSurface(stored: Readonly<Record<string, unknown>>): SurfaceSettings {
  const settings: Record<string, unknown> = { ...defaultSurface };
  for (const [key, fallback] of Object.entries(defaultSurface)) {
    const value = stored[key];
    if (typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback) && value !== null) settings[key] = value;
  }
  const read = settings as unknown as SurfaceSettings;
  const within = (key: keyof typeof limits): number =>
    Math.min(limits[key].max, Math.max(limits[key].min, Number.isFinite(read[key]) ? read[key] : defaultSurface[key]));
  const hidden = read.hidden.filter((units) => Number.isInteger(units) && units >= 1 && units <= maxHiddenUnits);
  const inputs = planeInputs.filter((name) => read.inputs.includes(name));
  const problem = read.problem === 'regression' ? 'regression' : 'classification';
  return {
    ...read,
    source: read.source === 'own' || read.source === 'drawn' ? read.source : 'generated',
    drawn: readDrawn(read.drawn),
    brush: read.brush === 1 ? 1 : 0,
    problem,
    shape: shapeFor(problem, read.shape),
    count: Math.round(within('count')),
    noise: within('noise'),
    testShare: within('testShare'),
    batchSize: Math.round(within('batchSize')),
    learningRate: within('learningRate'),
    penaltyRate: within('penaltyRate'),
    seed: Math.round(within('seed')),
    own: { ...defaultSurface.own, ...read.own },
    hidden: hidden.slice(0, maxHiddenLayers),
    inputs: inputs.length > 0 ? inputs : defaultSurface.inputs,
    activation: isActivationName(read.activation) ? read.activation : defaultSurface.activation,
    optimizer: optimizerNames.includes(read.optimizer) ? read.optimizer : defaultSurface.optimizer,
    penalty: read.penalty === 'l1' || read.penalty === 'l2' ? read.penalty : 'none',
  };
}

export function shapesFor(problem: SurfaceSettings['problem']): readonly PlaneShape[] {
  return problem === 'classification' ? classShapes : numberShapes;
}

/** The shape, or the problem's first one. */
export function shapeFor(problem: SurfaceSettings['problem'], shape: PlaneShape): PlaneShape {
  const shapes = shapesFor(problem);
  return shapes.includes(shape) ? shape : shapes[0]!;
}

export function optimizerConfig({ optimizer, learningRate }: Pick<SurfaceSettings, 'optimizer' | 'learningRate'>): OptimizerConfig {
  return { ...defaultOptimizer(optimizer), learningRate };
}

export function planeSettings(settings: SurfaceSettings, classes: number): PlaneSettings {
  const { inputs, hidden, activation, penalty, penaltyRate, batchSize, seed } = settings;
  return { network: { inputs, hidden, activation, classes }, optimizer: optimizerConfig(settings), penalty, penaltyRate, batchSize, seed };
}

/** `data`: other points; `points`: one more or less by hand, the weights stay; `restart`: another network or seed; `rebuild`: the same weights go on; `rates`: numbers only. */
export type SurfaceChange = 'data' | 'points' | 'restart' | 'rebuild' | 'rates' | 'none';

const reach: readonly (readonly [SurfaceChange, readonly (keyof SurfaceSettings)[]])[] = [
  ['data', ['source', 'problem', 'shape', 'count', 'noise', 'testShare', 'own', 'seed']],
  ['points', ['drawn']],
  ['restart', ['inputs', 'hidden', 'activation']],
  ['rebuild', ['optimizer', 'penalty', 'batchSize']],
  ['rates', ['learningRate', 'penaltyRate']],
];

export function changeOf(before: SurfaceSettings, after: SurfaceSettings): SurfaceChange {
  const differs = (key: keyof SurfaceSettings): boolean => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return reach.find(([, keys]) => keys.some(differs))?.[0] ?? 'none';
}
