/** The optional last input of attention layers that says which steps of a sequence are padding, so that nobody looks at them. */
import { formatShape, type Shape } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LayerContext, ParamSpec, ShapeProblem } from './defineLayer.ts';

export const paddingTokenParam = {
  kind: 'integer',
  label: 'Padding token',
  doc: 'Used with the tokens of the sequence as last input: steps that hold this token are padding, and nobody looks at them.',
  default: 0,
  min: 0,
  max: 10_000_000,
  step: 1,
  advanced: true,
} as const satisfies ParamSpec;

/** Tokens, or one number per step, must arrive at `port` for each step of `sequence`. */
export function paddingProblem(
  { inputs, inputNames, name }: LayerContext<unknown>,
  port: number,
  sequence: Shape,
): ShapeProblem | undefined {
  const padding = inputs[port];
  const steps = sequence[1]?.size ?? 1;
  if (padding === undefined || (padding.length === 2 && padding[1]?.size === steps)) return undefined;
  return {
    code: 'attention.padding',
    port,
    message: `${name} expects one token for each of ${steps} steps (B × ${steps}) to see where there is padding, got ${formatShape(padding)} from ${inputNames[port]}.`,
    hint: 'Connect the Input of tokens whose Embedding it reads, or a row with one number for each step, or nothing.',
    fixes: [{ kind: 'removeEdge', label: 'Remove this connection', edge: '' }],
  };
}

/** 1 where a step is padding, else 0: (B, T). */
export function paddedSteps(b: Builder, tokens: Value, paddingToken: number): Value {
  return b.binary('equal', b.cast(tokens, 'f32'), paddingToken);
}
