import { describe, expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import { draw } from '../testing/documents.ts';
import { taskCase } from '../testing/taskCases.ts';
import { countCost, totalCost } from './cost.ts';

describe('the cost of a gradient', () => {
  it('of dense layers is a matrix product forward and two backward, one in the first', () => {
    const { dataSet, config } = taskCase('classification');
    const data = prepareData(dataSet, config);
    const features = data.inputs[0]!.rowShape[0]!;
    const document = draw('in:input a:dense b:dense out:output', 'in>a a>b b>out', {
      in: { role: 'features' },
      a: { units: 6, activation: 'tanh' },
      b: { units: 2 },
      out: { role: 'sign' },
    });
    const layers = countCost({ document, config, data });
    expect(layers.map(({ node, weights, forward, backward }) => [node, weights, forward, backward])).toEqual([
      ['in', 0, 0, 0],
      // The gradient by the input is not asked for.
      ['a', 6 * features + 6, 6 * features, 6 * features],
      ['b', 14, 12, 24],
      ['out', 0, 0, 0],
    ]);
    const forward = 6 * features + 12;
    expect(totalCost(layers)).toEqual({
      weights: 6 * features + 20,
      forward,
      backward: 6 * features + 24,
      numerical: 2 * (6 * features + 20) * forward,
    });
  });

  it('leaves out what no weight needs, such as the gradient by the start of a recurrent layer', () => {
    const { dataSet, document, config } = taskCase('sequenceLabelling');
    const layers = countCost({ document, config, data: prepareData(dataSet, config) });
    const { forward, backward } = totalCost(layers);
    expect(layers.find(({ node }) => node === 'r')).toMatchObject({ forward: 540, backward: 765 });
    expect(forward + backward).toBe(1425);
  });

  it('is not told of two losses', () => {
    const { dataSet, document, config } = taskCase('adversarial');
    expect(() => countCost({ document, config, data: prepareData(dataSet, config) })).toThrow(/adversarial pair has two/);
  });
});
