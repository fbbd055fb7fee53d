/**
 * What one step of the time machine shows at a time. The stages of a training step are cut finer: what arrives at a layer,
 * what it computes inside (of recurrent layers one step of time after the other), what it gives; and the same backwards.
 */
import type { LayerStage, Parameter, Stage, TensorRef } from '../../../core/explain/stages.ts';

export type Phase = Stage['phase'];

export interface Shown {
  readonly ref: TensorRef;
  /** The numbers themselves, or the loss's gradient by them. */
  readonly as: 'value' | 'gradient';
}

export interface Moment {
  readonly phase: Phase;
  readonly kind: 'arrives' | 'inside' | 'gives' | 'loss' | 'incoming' | 'insideGradient' | 'weightGradient' | 'inputGradient' | 'update';
  /** Of the stages it belongs to. */
  readonly stage: number;
  /** The lowered layer; of the loss none. */
  readonly node?: string;
  readonly name?: string;
  readonly type: string;
  /** Of what is unrolled over time. */
  readonly step?: number;
  readonly shown: readonly Shown[];
  readonly parameter?: Parameter;
  /** Of an update. */
  readonly optimizer?: string;
}

export function momentsOf(stages: readonly Stage[]): Moment[] {
  return stages.flatMap((stage, i): Moment[] => {
    switch (stage.phase) {
      case 'forward':
        return forward(stage, i);
      case 'loss': {
        // Numbers are read as they are predicted, and a single sample's loss is the mean.
        const values = [stage.prediction, ...(stage.readable.id === stage.prediction.id ? [] : [stage.readable]), stage.target, stage.loss];
        return [{ phase: 'loss', kind: 'loss', stage: i, type: stage.type, shown: values.map((ref) => ({ ref, as: 'value' })) }];
      }
      case 'backward':
        return backward(stage, i);
      case 'update':
        return stage.parameters.map((parameter): Moment => {
          const { node, name, type } = stage;
          return { phase: 'update', kind: 'update', stage: i, node, name, type, shown: [], parameter, optimizer: stage.optimizer };
        });
    }
  });
}

const baseOf = ({ node, name, type }: LayerStage, stage: number) => ({ stage, node, name, type });
const values = (refs: readonly TensorRef[]): Shown[] => refs.map((ref) => ({ ref, as: 'value' }));
const gradients = (refs: readonly TensorRef[]): Shown[] =>
  refs.filter(({ gradient }) => gradient !== undefined).map((ref) => ({ ref, as: 'gradient' }));

function forward(stage: LayerStage, at: number): Moment[] {
  const base = { ...baseOf(stage, at), phase: 'forward' as const };
  const inside = insideGroups(stage).map((group): Moment => ({
    ...base,
    kind: 'inside',
    ...(group[0]!.step === undefined ? {} : { step: group[0]!.step }),
    shown: values(group),
  }));
  const arrives: Moment[] = stage.inputs.length === 0 || inside.length + stage.weights.length === 0 ? [] : [{ ...base, kind: 'arrives', shown: values(stage.inputs) }]; // prettier-ignore
  return [...arrives, ...inside, { ...base, kind: 'gives', shown: values([stage.output]) }];
}

function backward(stage: LayerStage, at: number): Moment[] {
  const base = { ...baseOf(stage, at), phase: 'backward' as const };
  const moments: Moment[] = [];
  const add = (kind: Moment['kind'], shown: readonly Shown[], step?: number) => {
    if (shown.length > 0) moments.push({ ...base, kind, shown, ...(step === undefined ? {} : { step }) });
  };
  add('incoming', gradients([stage.output]));
  for (const group of insideGroups(stage).toReversed()) add('insideGradient', gradients(group), group[0]!.step);
  add('weightGradient', gradients(stage.weights));
  add('inputGradient', gradients(stage.inputs));
  return moments;
}

/** Values of one step of time together, all others by themselves; whole numbers, such as edges, go with the next. */
function insideGroups({ inside }: LayerStage): TensorRef[][] {
  const groups: TensorRef[][] = [];
  for (const ref of inside) {
    if (ref.dtype !== 'f32') continue;
    const last = groups.at(-1);
    if (last !== undefined && ref.step !== undefined && last[0]!.step === ref.step) last.push(ref);
    else groups.push([ref]);
  }
  return groups;
}

/** The stretch of moments of each phase, for the timeline. */
export function phasesOf(moments: readonly Moment[]): { phase: Phase; from: number; count: number }[] {
  const phases: { phase: Phase; from: number; count: number }[] = [];
  moments.forEach(({ phase }, i) => {
    const last = phases.at(-1);
    if (last?.phase === phase) last.count++;
    else phases.push({ phase, from: i, count: 1 });
  });
  return phases;
}

/** All layers that a layer's output leads to, itself among them: the way of the chain rule. */
export function nodesBehind(stages: readonly Stage[], node: string): Set<string> {
  const found = new Set([node]);
  for (const stage of stages) {
    if (stage.phase === 'forward' && stage.inputNodes.some((id) => found.has(id))) found.add(stage.node);
  }
  return found;
}
