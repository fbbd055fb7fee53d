/** The network by which a machine is measured: large matrix products, as most of training is. */
import type { DataSetInfo } from '../data/dataSet.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { exampleConfig } from '../train/exampleConfig.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { drawing } from '../zoo/drawing.ts';

export interface MachineBenchmark {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
}

/** Images of 28 × 28 in ten classes: Fashion-MNIST comes with the app. */
export const benchmarkData = 'fashion-mnist';

export function machineBenchmark(info: DataSetInfo): MachineBenchmark {
  const d = drawing('MLP 784-1024-1024-10', '1 × 28 × 28');
  d.add('flatten');
  d.add('dense', { units: 1024, activation: 'relu' });
  d.add('dense', { units: 1024, activation: 'relu' });
  d.add('dense', { units: 10 });
  const drawn = d.finish();
  // The zoo's drawings stand without data; this one is trained.
  const roles: Readonly<Record<string, string>> = { input: 'image', output: 'label' };
  const bound = drawn.nodes.map((node) => ({
    ...node,
    params: { ...node.params, ...(roles[node.type] !== undefined && { role: roles[node.type]! }) },
  }));
  const document = { ...drawn, nodes: bound };
  const config = exampleConfig(info, document.name, { batchSize: '128' });
  return { document, config };
}
