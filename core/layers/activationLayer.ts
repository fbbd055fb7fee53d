/** What every stand-alone activation layer has in common: one input, the same shape out, no weights. */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer, type LayerDefinition, type ParamsOf, type ParamSpecs } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

interface ActivationParts<S extends ParamSpecs> {
  readonly type: string;
  readonly title: string;
  readonly keywords?: readonly string[];
  readonly summary: string;
  readonly source: string;
  readonly params: S;
  readonly apply: (b: Builder, x: Value, params: ParamsOf<S>) => Value;
  readonly describe: (params: ParamsOf<S>) => string;
}

export function defineActivation<const S extends ParamSpecs>(parts: ActivationParts<S>): LayerDefinition<S> {
  return defineLayer<S>({
    type: parts.type,
    version: 1,
    title: parts.title,
    family: 'activation',
    keywords: ['activation', 'nonlinearity', ...(parts.keywords ?? [])],
    doc: { summary: parts.summary, source: parts.source },
    params: parts.params,
    inputCount: { min: 1, max: 1 },
    hasOutput: true,
    inferShape: ({ inputs }) => onlyShape(inputs),
    weights: () => [],
    lower: ({ b, params, values }) => parts.apply(b, onlyValue(values), params),
    describe: ({ params }) => parts.describe(params),
    flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
  });
}
