/**
 * The tour's captions: each belongs to a moment, found by what it shows, and quotes numbers of the sample that is looked
 * at. What a network does not have is left out.
 */
import type { ExplainView } from '../../../../core/explain/view.ts';
import type { LayerStage, TensorRef } from '../../../../core/explain/stages.ts';
import type { Moment } from '../moments.ts';
import { strongest } from '../tensorPlane.ts';
import { tourText } from './tourText.ts';

type Numbers = ArrayLike<number>;

/** The number that a caption talks of, and as what of it the page shows it. */
export interface Quote {
  readonly value: number;
  readonly element: number;
  readonly role: 'value' | 'gradient' | 'after';
}

export interface Caption {
  readonly id: string;
  /** The moment it belongs to. */
  readonly at: number;
  /** Values whose numbers it quotes. */
  readonly reads: readonly number[];
  /** @param numbers in the order of `reads` */
  readonly say: (numbers: readonly Numbers[]) => string;
  /** Absent where it counts or explains. */
  readonly quote?: (numbers: readonly Numbers[]) => Quote;
}

export function tourOf(view: Pick<ExplainView, 'stages' | 'rows' | 'classNames'>, moments: readonly Moment[]): Caption[] {
  const captions: Caption[] = [];
  const find = (test: (moment: Moment) => boolean): number => moments.findIndex(test);
  const add = (id: string, at: number, reads: readonly (number | undefined)[], say: Caption['say'], quote?: Caption['quote']): void => {
    const known = reads.filter((read) => read !== undefined);
    if (at >= 0 && known.length === reads.length) captions.push({ id, at, reads: known, say, ...(quote && { quote }) });
  };
  /** The strongest number of what is read first. */
  const strongestOf =
    (value: number, role: Quote['role'] = 'value'): Caption['quote'] =>
    ([numbers]) => ({ value, element: strongest(numbers!), role });
  const only =
    (value: number, role: Quote['role'] = 'value'): Caption['quote'] =>
    () => ({ value, element: 0, role });
  const forward = view.stages.filter((stage) => stage.phase === 'forward');
  const layer =
    forward.find((stage) => stage.weights.length > 0 && stage.inputs[0]?.dtype === 'f32') ??
    forward.find(({ weights }) => weights.length > 0);
  const loss = view.stages.find((stage) => stage.phase === 'loss');
  const count = ({ shape }: TensorRef) => shape.reduce((all, n) => all * n, 1);

  const input = forward.find(({ type, output }) => type === 'input' && output.dtype === 'f32') ?? forward[0];
  if (input !== undefined) {
    add(
      'sample',
      find(({ node, kind }) => node === input.node && kind === 'gives'),
      [input.output.id],
      ([numbers]) => tourText.sample(view.rows[0] ?? 0, count(input.output), numbers![strongest(numbers!)]!),
      strongestOf(input.output.id),
    );
  }
  if (layer !== undefined) addLayer(layer);
  if (loss?.phase === 'loss') {
    const at = find(({ kind }) => kind === 'loss');
    const isClass = loss.target.dtype === 'i32' && count(loss.target) === 1;
    if (isClass) {
      add(
        'prediction',
        at,
        [loss.readable.id, loss.target.id],
        ([shares, target]) => {
          const [best, truth] = [strongest(shares!), target![0]!];
          const name = (code: number) => view.classNames?.[code] ?? String(code);
          return tourText.classes(name(best), shares![best]!, name(truth), shares![truth] ?? NaN);
        },
        strongestOf(loss.readable.id),
      );
    } else {
      add(
        'prediction',
        at,
        [loss.prediction.id, loss.target.id],
        ([found, target]) => tourText.values(found![0]!, target![0]!),
        only(loss.prediction.id),
      );
    }
    add('loss', at, [loss.loss.id], ([value]) => tourText.loss(value![0]!), only(loss.loss.id));
    // The gradient that the first moment backwards shows: of a graph that of all nodes.
    const turn = find(({ phase, kind }) => phase === 'backward' && kind === 'incoming');
    const arriving = moments[turn]?.shown[0]?.ref;
    if (arriving !== undefined) {
      const say: Caption['say'] = ([slopes]) => tourText.turn(slopes![strongest(slopes!)]!);
      add('turn', turn, [arriving.gradient], say, strongestOf(arriving.id, 'gradient'));
    }
  }
  if (layer !== undefined) addBackward(layer);
  return captions;

  function addLayer({ node, name, inside, weights, output }: LayerStage): void {
    const own = (kind: Moment['kind']) => find((moment) => moment.node === node && moment.kind === kind);
    const weight = weights[0]!;
    add('weights', own('arrives'), [weight.id], ([numbers]) => tourText.weights(name, count(weight), numbers![0]!), only(weight.id));
    const sum = inside.find((ref) => ref.name === 'preActivation');
    if (sum !== undefined) {
      const at = find((moment) => moment.node === node && moment.kind === 'inside' && moment.shown.some(({ ref }) => ref.id === sum.id));
      add('sum', at, [sum.id], ([numbers]) => tourText.sum(strongest(numbers!), numbers![strongest(numbers!)]!), strongestOf(sum.id));
    }
    add('gives', own('gives'), [output.id], ([numbers]) =>
      tourText.gives(name, Array.from(numbers!).filter((number) => number !== 0).length, numbers!.length),
    );
  }

  function addBackward({ node, name, weights }: LayerStage): void {
    const own = (kind: Moment['kind']) => find((moment) => moment.node === node && moment.kind === kind);
    const [weight] = weights;
    const update = moments.find((moment) => moment.node === node && moment.kind === 'update')?.parameter;
    add(
      'arrives back',
      find((moment) => moment.phase === 'backward' && moment.node === node && moment.kind === 'incoming'),
      [],
      () => tourText.back(name),
    );
    add(
      'gradient',
      own('weightGradient'),
      [weight?.gradient],
      ([numbers]) => tourText.gradient(strongest(numbers!), numbers![strongest(numbers!)]!),
      weight && strongestOf(weight.id, 'gradient'),
    );
    if (update === undefined) return;
    const { gradient, value, after } = update;
    add(
      'update',
      own('update'),
      [gradient, value, after],
      ([slopes, before, then]) => {
        const at = strongest(slopes!);
        return tourText.update(at, before![at]!, then![at]!);
      },
      strongestOf(value, 'after'),
    );
    add('end', moments.length - 1, [], () => tourText.end);
  }
}
