/** A small multilayer perceptron that fits any data set's roles and can be trained as it stands. */
import type { DataRole } from '../data/dataSet.ts';
import type { NetworkDocument, ParamValues } from './document.ts';
import { addNode, connect, rowHeight } from './edit.ts';
import { emptyDocument } from './parseDocument.ts';
import { sampleSize } from './shape.ts';

/** Where the first node stands; all share one column. */
const left = 160;
const top = 40;

/** Input, Flatten where needed, two Dense layers with ReLU, the last Dense, Output. */
export function starterNetwork(roles: readonly DataRole[], name: string): NetworkDocument {
  const input = roles.find((role) => role.kind === 'input');
  const target = roles.find((role) => role.kind === 'target');
  const features = input === undefined ? 1 : sampleSize(input.shape);
  const units = target === undefined ? 1 : sampleSize(target.shape);
  const wide = hiddenUnits(features, units);
  return chain(name, [
    ['input', input === undefined ? {} : { role: input.name }],
    ...(input !== undefined && input.shape.length > 2 ? [['flatten', {}] as const] : []),
    ['dense', { units: wide, activation: 'relu' }],
    ['dense', { units: Math.max(16, wide / 2), activation: 'relu' }],
    ['dense', { units }],
    ['output', target === undefined ? {} : { role: target.name }],
  ]);
}

/** Layers one below the other, each connected to the next. */
export function chain(name: string, steps: readonly (readonly [type: string, params: ParamValues])[]): NetworkDocument {
  let document = emptyDocument(name);
  let previous: string | undefined;
  steps.forEach(([type, params], row) => {
    const added = addNode(document, { type, params, position: { x: left, y: top + row * rowHeight } });
    document = previous === undefined ? added.document : connect(added.document, previous, added.node.id);
    previous = added.node.id;
  });
  return document;
}

/** A power of two between 32 and 128: room enough for the features, small enough to train in seconds. */
function hiddenUnits(features: number, units: number): number {
  const wanted = Math.max(features, 2 * units);
  return Math.min(128, Math.max(32, 2 ** Math.ceil(Math.log2(wanted))));
}
