import { describe, expect, it } from 'vitest';
import { defaultOptimizer } from '../optimizers/index.ts';
import { draw, featuresRole, imageRoles, labelRole, massRole, tableRoles } from '../testing/documents.ts';
import { defaultControls, defaultLoss } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { checkTrainable } from './checkTrainable.ts';
import { applyFix } from './edit.ts';
import { inferShapes } from './inferShapes.ts';
import { batchDim, dim, type Shape } from './shape.ts';
import { starterNetwork } from './starterNetwork.ts';

const config: RunConfig = {
  version: 3,
  network: { name: 'x' },
  data: { id: 'd' },
  split: { train: 0.8, validation: 0.2, test: 0, seed: 1, stratify: true },
  preparation: { target: 'label', columns: {}, targetScaling: 'none' },
  task: { type: 'classification' },
  loss: defaultLoss('classification'),
  optimizer: defaultOptimizer('adam'),
  ...defaultControls,
  epochs: 1,
  batchSize: 8,
  engine: { kind: 'auto', threads: 1 },
  seed: 1,
};
const regression: RunConfig = { ...config, task: { type: 'regression' }, loss: defaultLoss('regression') };
const params = { in: { role: 'features' }, out: { role: 'mass' }, d: { units: 1 } };
const good = draw('in:input d:dense out:output', 'in>d d>out', params);

const messages = (...args: Parameters<typeof checkTrainable>): string[] => checkTrainable(...args).map(({ message }) => message);

describe('checkTrainable', () => {
  it('lets a fitting document pass', () => {
    expect(messages(good, tableRoles, regression)).toEqual([]);
  });

  const cases: [what: string, args: Parameters<typeof checkTrainable>, expected: string[]][] = [
    ['no data', [good, null], ['No data set is chosen.']],
    [
      'an empty document',
      [draw('', ''), tableRoles, regression],
      ['The network has no Input: no data can enter.', 'The network has no Output: nothing is predicted.'],
    ],
    [
      'two Outputs',
      [draw('in:input d:dense out:output more:output', 'in>d d>out d>more', { ...params, more: { role: 'mass' } }), tableRoles, regression],
      ['The network has 2 Outputs (out, more), training expects one.'],
    ],
    [
      'a dead end',
      [draw('in:input d:dense side:dense out:output', 'in>d d>out in>side', params), tableRoles, regression],
      ['side leads nowhere: it is not connected towards out and would not be trained.'],
    ],
    [
      'a loss of another task',
      [good, tableRoles, { ...regression, loss: defaultLoss('classification') }],
      ['The loss Cross-entropy does not fit regression: expected Mean squared error or Mean absolute error or Huber or Smooth L1.'],
    ],
    [
      'another task',
      [good, tableRoles, { ...config, loss: defaultLoss('regression') }],
      ['The settings say Classification, but "mass" at out is a target for Regression.'],
    ],
    [
      'a softmax before a number',
      [draw('in:input d:dense out:output', 'in>d d>out', { ...params, d: { units: 1, activation: 'softmax' } }), tableRoles, regression],
      ['d ends in a softmax, which turns a single number into the same value for every sample, but out predicts a number.'],
    ],
    [
      'a slip of the keyboard',
      [
        draw('in:input w:dense v:dense d:dense out:output', 'in>w w>v v>d d>out', {
          ...params,
          w: { units: 100_000 },
          v: { units: 100_000 },
        }),
        tableRoles,
        regression,
      ],
      ['Its 10,000,800,001 parameters would need 149.0 GB of memory for training, expected at most 4.0 GB.'],
    ],
    [
      'half an epoch',
      [good, tableRoles, { ...regression, epochs: 0.5 }],
      ['Epochs should be a whole number from 1 to 1,000,000, got 0.5.'],
    ],
    [
      'an empty learning rate',
      [good, tableRoles, { ...regression, optimizer: { ...defaultOptimizer('sgd'), learningRate: NaN } }],
      ['Learning rate should be a number above 0 and at most 1,000, got NaN.'],
    ],
  ];
  it.each(cases)('%s', (_what, args, expected) => {
    expect(messages(...args)).toEqual(expected);
  });

  it('offers fixes that help', () => {
    const softmax = draw('in:input d:dense s:softmax out:output', 'in>d d>s s>out', params);
    const fix = checkTrainable(softmax, tableRoles, regression)[0]?.fixes?.[0];
    expect(fix?.label).toBe('Remove s');
    if (fix !== undefined) expect(messages(applyFix(softmax, fix), tableRoles, regression)).toEqual([]);
  });
});

describe('starterNetwork', () => {
  const wide = { ...featuresRole, shape: [batchDim, dim('F', 900)] as Shape };
  it.each([
    ['images', imageRoles, config, [784 * 128 + 128, 128 * 64 + 64, 650]],
    ['a table with classes', [featuresRole, labelRole], config, [5 * 32 + 32, 32 * 16 + 16, 170]],
    ['a table with a number', [featuresRole, massRole], regression, [5 * 32 + 32, 32 * 16 + 16, 17]],
    ['many columns', [wide, massRole], regression, [900 * 128 + 128, 128 * 64 + 64, 65]],
  ])('fits %s', (_what, roles, settings, parameters) => {
    const document = starterNetwork(roles, 'my net');
    expect(messages(document, roles, settings)).toEqual([]);
    expect([...inferShapes(document, roles).nodes.values()].map((node) => node.parameters).filter((count) => count > 0)).toEqual(
      parameters,
    );
  });
});
