import { describe, expect, it } from 'vitest';
import type { Column } from '../data/dataSet.ts';
import { countCost, totalCost } from '../learn/cost.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { dataSetOf } from '../testing/trainedRuns.ts';
import { benchmarkData, machineBenchmark } from './machineBenchmark.ts';

describe('machineBenchmark', () => {
  it('is bound to its data, and is three matrix products', () => {
    const count = 40;
    const image: Column = {
      info: { name: 'image', type: 'image', missing: 0, imageShape: [1, 28, 28] },
      type: 'image',
      values: new Uint8Array(count * 784),
    };
    const label: Column = {
      info: { name: 'label', type: 'category', missing: 0, categories: Array.from({ length: 10 }, (_, i) => String(i)) },
      type: 'category',
      values: Int32Array.from({ length: count }, (_, i) => i % 10),
    };
    const dataSet = dataSetOf([image, label], count, { id: benchmarkData, kind: 'images', defaultTarget: 'label' });
    const { document, config } = machineBenchmark(dataSet.info);
    expect(config.batchSize).toBe(128);
    const { forward, backward } = totalCost(countCost({ document, config, data: prepareData(dataSet, config) }));
    expect(forward).toBe(784 * 1024 + 1024 * 1024 + 1024 * 10);
    // The first layer's input needs no gradient.
    expect(backward).toBe(2 * forward - 784 * 1024);
  });
});
