import { describe, expect, it } from 'vitest';
import { readFixture } from '../testing/torchFixture.ts';
import { bitsPerCharacter, calibrationError, logLoss, perplexity } from './calibration.ts';
import { accuracy, averageScores, balancedAccuracy, classScores, confusionMatrix, matthews, type ClassScore } from './confusion.ts';
import { averagePrecision, oneAgainstRest, rocAuc, topAccuracy } from './ranking.ts';
import { regressionScores, type RegressionScores } from './regression.ts';

interface Case {
  classes: number;
  k: number;
  truth: number[];
  probabilities: number[];
  confusion: number[][];
  accuracy: number;
  balancedAccuracy: number;
  matthews: number;
  perClass: ClassScore[];
  averages: Record<'macro' | 'micro' | 'weighted', Omit<ClassScore, 'support'>>;
  rocAuc: number;
  prAuc: number;
  topAccuracy: number;
  logLoss: number;
  ece: number;
}

const fixture = readFixture<{ cases: Record<string, Case>; regression: RegressionScores & { truth: number[]; predicted: number[] } }>(
  '../metrics/fixtures/sklearn.json',
);
const digits = 9;

describe.each(Object.entries(fixture.cases))('%s', (_name, expected) => {
  const { classes, truth, probabilities } = expected;
  const row = (i: number): number[] => probabilities.slice(i * classes, (i + 1) * classes);
  const predicted = truth.map((_, i) => row(i).indexOf(Math.max(...row(i))));
  const matrix = confusionMatrix(truth, predicted, classes);

  it('counts as scikit-learn does', () => expect(matrix).toEqual(expected.confusion));

  it.each([
    ['accuracy', () => accuracy(matrix)],
    ['balancedAccuracy', () => balancedAccuracy(matrix)],
    ['matthews', () => matthews(matrix)],
    ['rocAuc', () => oneAgainstRest(rocAuc, truth, probabilities, classes)],
    ['prAuc', () => oneAgainstRest(averagePrecision, truth, probabilities, classes)],
    ['topAccuracy', () => topAccuracy(truth, probabilities, classes, expected.k)],
    ['logLoss', () => logLoss(truth, probabilities, classes)],
    ['ece', () => calibrationError(truth, probabilities, classes)],
  ] as const)('%s', (name, measure) => expect(measure()).toBeCloseTo(expected[name], digits));

  it('precision, recall and F1', () => {
    classScores(matrix).forEach((score, c) => {
      for (const key of ['precision', 'recall', 'f1', 'support'] as const)
        expect(score[key]).toBeCloseTo(expected.perClass[c]![key], digits);
    });
    for (const average of ['macro', 'micro', 'weighted'] as const) {
      const got = averageScores(matrix, average);
      for (const key of ['precision', 'recall', 'f1'] as const) expect(got[key]).toBeCloseTo(expected.averages[average][key], digits);
    }
  });
});

it('regression', () => {
  const { truth, predicted, ...expected } = fixture.regression;
  const got = regressionScores(truth, predicted);
  for (const [name, value] of Object.entries(expected)) expect(got[name as keyof RegressionScores]).toBeCloseTo(Number(value), digits);
  expect(regressionScores([2, 2], [1, 3]).r2).toBeUndefined();
});

it('text: guessing among 8 characters is a perplexity of 8 and 3 bits', () => {
  expect(perplexity(Math.log(8))).toBeCloseTo(8, 12);
  expect(bitsPerCharacter(Math.log(8))).toBeCloseTo(3, 12);
});

it('says nothing where there is nothing to rank, and 0 where nothing can be divided', () => {
  expect(rocAuc([1, 1], [0.1, 0.2])).toBeUndefined();
  expect(averagePrecision([0, 0], [0.1, 0.2])).toBeUndefined();
  expect(oneAgainstRest(rocAuc, [0, 0, 1], [1, 0, 0, 1, 0, 0, 0, 1, 0], 3)).toBeUndefined();
  expect(
    matthews([
      [3, 0],
      [0, 0],
    ]),
  ).toBe(0);
});
