/** A dimension of the sample chosen by its name, as Slice and Pad have it. */
import { formatShape, type DimName, type Shape } from '../graph/shape.ts';
import type { LayerContext, ParamSpec, ShapeProblem } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';

const names: Readonly<Partial<Record<DimName, string>>> = {
  F: 'Features',
  T: 'Time',
  C: 'Channels',
  D: 'Depth',
  H: 'Height',
  W: 'Width',
  N: 'Nodes',
  E: 'Edges',
};

export const dimensionParam = {
  kind: 'choice',
  label: 'Along',
  doc: 'Which dimension of the sample.',
  default: 'F',
  options: Object.entries(names).map(([value, label]) => ({ value, label })),
} as const satisfies ParamSpec;

/** `features`, for sentences. */
export function dimensionName(name: string): string {
  return (names[name as DimName] ?? name).toLowerCase();
}

/** -1 where the shape has no such dimension. */
export function axisNamed(shape: Shape, name: string): number {
  return shape.findIndex((d) => d.name === name);
}

/** Where the shape has no such dimension: offers those it has. */
export function requireDimension(
  { inputs, inputNames, name }: LayerContext<unknown>,
  title: string,
  wanted: string,
): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (axisNamed(x, wanted) >= 0) return undefined;
  const offered = x.slice(1).map((d) => d.name);
  return {
    code: 'shape.dimension',
    message: `${title} '${name}': ${formatShape(x)} from ${inputNames[0]} has no ${dimensionName(wanted)}, only ${offered.map(dimensionName).join(', ')}.`,
    hint: `Choose ${offered.map(dimensionName).join(' or ')}.`,
    fixes: offered
      .filter((own) => names[own] !== undefined)
      .map((own) => ({ kind: 'setParam', label: `Set Along to ${names[own]}`, node: '', param: 'dimension', value: own })),
  };
}
