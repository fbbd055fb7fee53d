/** Small documents and roles for tests. */
import type { DataRole } from '../data/dataSet.ts';
import type { NetworkDocument, ParamValues } from '../graph/document.ts';
import { batchDim, dim } from '../graph/shape.ts';

export const imageRole: DataRole = {
  name: 'image',
  kind: 'input',
  description: '1 × 28 × 28, scaled 0–1',
  shape: [batchDim, dim('C', 1), dim('H', 28), dim('W', 28)],
};

export const labelRole: DataRole = {
  name: 'label',
  kind: 'target',
  task: 'classification',
  description: '10 classes',
  shape: [batchDim, dim('F', 10)],
  classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
};

export const featuresRole: DataRole = {
  name: 'features',
  kind: 'input',
  description: '5 columns, standardised',
  shape: [batchDim, dim('F', 5)],
};

export const massRole: DataRole = {
  name: 'mass',
  kind: 'target',
  task: 'regression',
  unit: 'g',
  description: 'number in g',
  shape: [batchDim, dim('F', 1)],
};

export const imageRoles = [imageRole, labelRole];
export const tableRoles = [featuresRole, massRole];

/**
 * A document from short words: nodes `name:type`, edges `from>to` by name; ids are the names.
 * Several edges into one node take ports 0, 1, ... in order.
 */
export function draw(nodes: string, edges: string, params: Readonly<Record<string, ParamValues>> = {}): NetworkDocument {
  const ports = new Map<string, number>();
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
  return {
    format: 'layerbench.network',
    version: 2,
    name: 'test',
    nodes: words(nodes).map((word, i) => {
      const [name = '', type = name] = word.split(':');
      return { id: name, type, typeVersion: 1, name, params: params[name] ?? {}, position: { x: 0, y: 100 * i } };
    }),
    edges: words(edges).map((word) => {
      const [from = '', to = ''] = word.split('>');
      const toPort = ports.get(to) ?? 0;
      ports.set(to, toPort + 1);
      return { id: word, from, to, toPort };
    }),
    blocks: [],
  };
}
