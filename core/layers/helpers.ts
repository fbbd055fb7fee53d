/** Small helpers that several layers share. */
import { formatShape, sampleSize, type Shape } from '../graph/shape.ts';
import type { Value } from '../program/builder.ts';
import type { LayerContext, LayerDefinition, ShapeProblem } from './defineLayer.ts';

/** The single input of a one-input layer. */
export function onlyValue(values: readonly Value[]): Value {
  const value = values[0];
  if (value === undefined) throw new Error('A layer with one input was lowered without it.');
  return value;
}

export function onlyShape(inputs: readonly Shape[]): Shape {
  const shape = inputs[0];
  if (shape === undefined) throw new Error('A layer with one input was asked for its shape without it.');
  return shape;
}

/**
 * For layers that act on the last axis of features (B × F) or sequences (B × T × F). An image there almost always
 * means a forgotten Flatten, so it is a problem with that fix.
 */
export function requireFeatures({ inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (x.length <= 3 && x.length >= 2 && !x.some((d) => d.name === 'C')) return undefined;
  return {
    code: 'shape.features',
    message: `${name} expects a row of features (B × F), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: `Flatten the ${formatShape(x.slice(1))} values to ${sampleSize(x)} features first.`,
    fixes: [{ kind: 'insertAfter', label: `Insert Flatten before ${name}`, edge: '', layer: 'flatten', params: {} }],
  };
}

/** For layers that slide over images (B × C × H × W). */
export function requireImage({ inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (x.length === 4 && x[1]?.name === 'C') return undefined;
  return {
    code: 'shape.image',
    message: `${name} expects images (B × channels × height × width), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: `Connect ${name} to an Input of images, or before the Flatten.`,
    ...reshapeFix(name, imageOf(x)),
  };
}

/** For layers that slide over volumes (B × C × D × H × W). */
export function requireVolume({ inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (x.length === 5 && x[1]?.name === 'C') return undefined;
  return {
    code: 'shape.volume',
    message: `${name} expects volumes (B × channels × depth × height × width), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: `Connect ${name} to an Input of volumes, or Reshape to one.`,
  };
}

/** For layers that work on sequences of features (B × T × F). */
export function requireSequence({ inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (x.length === 3 && x[1]?.name === 'T') return undefined;
  return {
    code: 'shape.sequence',
    message: `${name} expects sequences (B × time × features), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: 'Let a sequence arrive: from an Embedding of tokens, or from a layer that returns its whole sequence.',
    ...reshapeFix(name, sequenceOf(x)),
  };
}

/** The same at another port of a layer with several inputs. */
export function requireSequenceAt(context: LayerContext<unknown>, port: number): ShapeProblem | undefined {
  const { inputs, inputNames } = context;
  const problem = requireSequence({ ...context, inputs: inputs.slice(port), inputNames: inputNames.slice(port) });
  return problem && { ...problem, port };
}

/** A row of features as steps of one number each; the rows of an image with one channel as steps. */
function sequenceOf(x: Shape): readonly number[] | undefined {
  const [, first, ...rest] = x.map((d) => d.size ?? 1);
  if (x.length === 2 && x[1]?.name === 'F') return [first ?? 1, 1];
  return x.length === 4 && first === 1 ? rest : undefined;
}

/** A square row of features as an image with one channel; a sequence as an image of steps and features. */
function imageOf(x: Shape): readonly number[] | undefined {
  const sizes = x.slice(1).map((d) => d.size ?? 1);
  if (x.length === 3) return [1, ...sizes];
  const side = Math.sqrt(sizes[0] ?? 0);
  return x.length === 2 && x[1]?.name === 'F' && side > 1 && Number.isInteger(side) ? [1, side, side] : undefined;
}

/** Offers a Reshape to sizes of one sample, where there are some. */
function reshapeFix(name: string, sizes: readonly number[] | undefined): Pick<ShapeProblem, 'fixes'> {
  if (sizes === undefined) return {};
  const shape = sizes.join(' × ');
  const label = `Insert Reshape to ${shape} before ${name}`;
  return { fixes: [{ kind: 'insertAfter', label, edge: '', layer: 'reshape', params: { shape } }] };
}

/** Tokens: whole numbers, one per time step (B × T), as only an Embedding takes them. */
export function isTokens(shape: Shape): boolean {
  return shape.length === 2 && shape[1]?.name === 'T';
}

/** Edges: pairs of node numbers (B × E × 2), as only graph layers take them. */
export function isEdges(shape: Shape): boolean {
  return shape.length === 3 && shape[1]?.name === 'E' && shape[2]?.name === 'N';
}

/** Whole numbers that name something: no layer may compute with them as if they were amounts. */
export function isIntegers(shape: Shape): boolean {
  return isTokens(shape) || isEdges(shape);
}

/** The problem of a layer that computes with edges as if they were amounts. */
export function refuseEdges(definition: LayerDefinition, { inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const port = inputs.findIndex(isEdges);
  if (port < 0 || definition.family === 'graph') return undefined;
  return {
    code: 'shape.edges',
    port,
    message: `${name} expects features, got edges (${formatShape(inputs[port] ?? [])}, pairs of node numbers) from ${inputNames[port]}.`,
    hint: 'Edges go to the second input of graph layers only.',
    fixes: [{ kind: 'removeEdge', label: `Disconnect ${inputNames[port]}`, edge: '' }],
  };
}

/** The problem of a layer that computes with tokens as if they were amounts. */
export function refuseTokens(
  { takesTokens = [] }: LayerDefinition,
  { inputs, inputNames, name }: LayerContext<unknown>,
): ShapeProblem | undefined {
  const port = inputs.findIndex((shape, i) => isTokens(shape) && takesTokens !== true && !takesTokens.includes(i));
  if (port < 0) return undefined;
  return {
    code: 'shape.needsEmbedding',
    port,
    message: `${name} expects features, got tokens (${formatShape(inputs[port] ?? [])}, whole numbers) from ${inputNames[port]}.`,
    hint: 'Look the tokens up in an Embedding first.',
    fixes: [{ kind: 'insertAfter', label: `Insert Embedding before ${name}`, edge: '', layer: 'embedding', params: {} }],
  };
}

/** `50,257`. Not by `toLocaleString`: loading its tables would be most of the time that inferring all shapes takes. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
