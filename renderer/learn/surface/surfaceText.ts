/** Every word of the decision surface's page. */
import type { PlaneShape } from '../../../core/learn/planeData.ts';
import type { PlaneInput } from '../../../core/learn/planeNetwork.ts';
import type { Penalty } from '../../../core/learn/planePrograms.ts';
import { formatCount, formatNumber, formatPercent, formatPlural } from '../../ui/format.ts';

export const surfaceText = {
  title: 'Decision surface',

  play: 'Play',
  pause: 'Pause',
  stepEpoch: 'Train 1 epoch',
  stepBatch: 'Train 1 batch',
  batch: '1 batch',
  epochStep: '1 epoch',
  reset: 'Start again from the same seed',
  newSeed: 'Start again from another seed',
  fast: 'Fast',
  fastDoc: 'As many epochs between two pictures as fit into 60 ms, instead of one',
  epoch: 'Epoch',

  data: 'Data',
  problem: 'Problem',
  problems: { classification: 'Classes', regression: 'Numbers' },
  source: 'Points',
  shapes: {
    circle: 'Circle',
    xor: 'XOR',
    gaussians: 'Two Gaussians',
    spiral: 'Spiral',
    slope: 'Slope',
    hills: 'Hills and hollows',
  } satisfies Record<PlaneShape, string>,
  own: 'Own data …',
  drawn: 'By hand',
  drawHere: 'Click or drag here',
  brush: 'Class to draw',
  brushes: ['Class 0', 'Class 1'] as const,
  drawnCount: (zeros: number, ones: number) => `${formatCount(zeros)} of class 0, ${formatCount(ones)} of class 1`,
  drawnHint: 'Click or drag on the plane to put points there. Two are enough to train; the weights stay while you draw.',
  drawnFull: (most: number) => `That is as many as there can be: ${formatCount(most)} points.`,
  undo: 'Undo',
  redo: 'Redo',
  clear: 'Clear',
  drawLayer: 'Plane to draw on. Arrow keys move the cross, Enter puts a point there, 0 and 1 choose its class, Control Z takes it back.',
  cross: (x: string, y: string) => `x ${x}, y ${y}`,
  dataSet: 'Data set',
  column: { x: 'Across', y: 'Up' },
  target: 'Target',
  noTables: 'No table with two number columns and a target in the library.',
  sample: (used: number, total: number, incomplete: number, classes: number, beyond: number) =>
    [
      used + incomplete < total
        ? `${formatCount(used + incomplete)} of ${formatCount(total)} rows, in stretches spread evenly over the table`
        : `All ${formatPlural(total, 'row')}`,
      incomplete > 0 ? `; ${formatCount(incomplete)} of them with gaps are left out` : '',
      beyond > 0 ? `; ${formatCount(beyond)} far ones lie beyond the map` : '',
      `. Both columns are scaled to mean 0 and deviation 1. ${classes > 0 ? `Classification, ${classes} classes.` : 'Regression; the target is scaled, too.'}`,
    ].join(''),
  tooFew: 'Fewer than ten rows have all three values. Choose other columns.',
  noise: 'Noise',
  rows: 'Rows',
  testShare: 'Test share',
  batchSize: 'Batch size',
  seed: 'Seed',

  inputs: 'Inputs',
  inputNames: {
    x: 'x',
    y: 'y',
    xSquared: 'x²',
    ySquared: 'y²',
    product: 'xy',
    sinX: 'sin x',
    sinY: 'sin y',
  } satisfies Record<PlaneInput, string>,
  lastInput: 'One input has to stay.',
  training: 'Training',
  activation: 'Activation',
  optimizer: 'Optimizer',
  learningRate: 'Learning rate',
  penalty: 'Regularisation',
  penalties: { none: 'None', l1: 'L1', l2: 'L2' } satisfies Record<Penalty, string>,
  penaltyRate: 'Rate',

  addLayer: 'Add a hidden layer',
  removeLayer: 'Remove the last hidden layer',
  addUnit: (layer: number) => `Add a unit to hidden layer ${layer}`,
  removeUnit: (layer: number) => `Remove a unit from hidden layer ${layer}`,
  layers: (count: number) => formatPlural(count, 'hidden layer'),
  outputLayer: 'Output',
  unit: (layer: number, unit: number) => `Hidden ${layer}, unit ${unit}`,
  input: (name: string) => `Input ${name}`,
  output: 'Output',
  outputOf: (name: string) => `Output for ${name}`,
  drawing: 'Drawing of the network. Every unit can be reached with the keyboard; weights are chosen below it.',
  unitHint: 'Point at a unit to see it large, click a line to set it.',

  weight: 'Weight',
  into: 'Into',
  from: 'From',
  bias: 'Bias',
  value: 'Value',
  slider: 'Value by slider',
  weightOf: (from: string, to: string) => `Weight from ${from} to ${to}`,
  biasOf: (to: string) => `Bias of ${to}`,

  answer: (kind: 'probability' | 'classes' | 'number', classes: readonly string[]) =>
    kind === 'probability' ? `Probability of class ${classes[1]}` : kind === 'classes' ? 'Most likely class' : 'Predicted number',
  spoken: (name: string, middle: string, corners: readonly string[]) =>
    `${name} over the plane: ${middle} in the middle; ${corners[0]} top left, ${corners[1]} top right, ${corners[2]} bottom left, ${corners[3]} bottom right`,
  under: (x: string, y: string, value: string) => `at (${x}, ${y}): ${value}`,
  showTest: 'Test points',
  discretise: 'Discretise',
  discretiseDoc: 'Shows only on which side of the boundary a place lies',
  training_: 'training',
  test: 'test',
  legendTest: 'Test points are drawn hollow',

  loss: 'Loss',
  lossHint: 'Press play to train.',
  score: (classes: number, train: number, test: number) =>
    classes > 0
      ? `right: ${formatPercent(train)} training, ${formatPercent(test)} test`
      : `R²: ${formatNumber(train, 3)} training, ${formatNumber(test, 3)} test`,
  diverged: (epoch: number) =>
    `Training diverged in epoch ${formatCount(epoch)}: the loss or a weight is no longer a finite number (NaN). The learning rate is too large. Lower it, then start again.`,
  climbing: (times: string) => `The loss is ${times} times what it was at the start: the learning rate is probably too large.`,
  failed: (message: string) => `The computation stopped: ${message}`,
  again: 'Start again',
};
