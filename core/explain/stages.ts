/** What a step of training consists of, as it is shown: plain data that names values, not the values themselves. */
import type { ParamValue } from '../graph/document.ts';
import type { DType, ValueId } from '../program/program.ts';

/** A value that can be looked at. */
export interface TensorRef {
  readonly id: ValueId;
  /** `output`, `preActivation`, `weight`, `inputGate`, ... */
  readonly name: string;
  /** Of what is unrolled over time, from 0. */
  readonly step?: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The loss's gradient by it, in the same shape; absent where nothing flows. */
  readonly gradient?: ValueId;
}

export interface WeightRef extends TensorRef {
  readonly slot: string;
}

export interface Parameter {
  readonly slot: string;
  readonly name: string;
  /** The lowered layer it belongs to: its path through the blocks. */
  readonly node: string;
  readonly shape: readonly number[];
  readonly value: ValueId;
  readonly gradient: ValueId;
  /** What the optimizer gets, where gradients are clipped. */
  readonly clipped?: ValueId;
  readonly states: readonly { readonly name: string; readonly before: ValueId; readonly after: ValueId }[];
  readonly after: ValueId;
}

export interface LayerStage {
  readonly node: string;
  readonly name: string;
  readonly type: string;
  /** Its settings, defaults included. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Lowered nodes it reads, in port order. */
  readonly inputNodes: readonly string[];
  readonly inputs: readonly TensorRef[];
  readonly weights: readonly WeightRef[];
  /** Named values between input and output, in the order they are computed. */
  readonly inside: readonly TensorRef[];
  /** f′ of the activation by its input, element by element, where there is such. */
  readonly slope?: TensorRef;
  readonly output: TensorRef;
}

export type Stage =
  | ({ readonly phase: 'forward' } & LayerStage)
  | {
      readonly phase: 'loss';
      /** Of the run config. */
      readonly type: string;
      /** What the loss compares: logits where it applies the softmax itself. */
      readonly prediction: TensorRef;
      /** The same as people read it: probabilities. */
      readonly readable: TensorRef;
      readonly target: TensorRef;
      /** (B) */
      readonly sampleLoss: TensorRef;
      /** () their mean */
      readonly loss: TensorRef;
    }
  | ({ readonly phase: 'backward' } & LayerStage)
  | {
      readonly phase: 'update';
      readonly node: string;
      readonly name: string;
      readonly type: string;
      /** Of the run config. */
      readonly optimizer: string;
      readonly parameters: readonly Parameter[];
    };
