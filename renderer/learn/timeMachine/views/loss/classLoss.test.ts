import { describe, expect, it } from 'vitest';
import type { TensorRef } from '../../../../../core/explain/stages.ts';
import type { Moment } from '../../moments.ts';
import { isClassLoss, shownClasses } from './classLoss.ts';

const ref = (id: number, shape: readonly number[], dtype: TensorRef['dtype'] = 'f32'): TensorRef => ({ id, name: '', shape, dtype });
const moment = (...refs: readonly TensorRef[]): Moment => ({
  phase: 'loss',
  kind: 'loss',
  stage: 0,
  type: 'crossEntropy',
  shown: refs.map((own) => ({ ref: own, as: 'value' })),
});

describe('a loss by class', () => {
  it('is that of one sample with one true class of several', () => {
    expect(isClassLoss(moment(ref(1, [1, 3]), ref(2, [1, 3]), ref(3, [1], 'i32'), ref(4, [])))).toBe(true);
    expect(isClassLoss(moment(ref(1, [1, 8, 3]), ref(2, [1, 8, 3]), ref(3, [1, 8], 'i32'), ref(4, [])))).toBe(false);
    expect(isClassLoss(moment(ref(1, [1, 3]), ref(3, [1, 3]), ref(4, [])))).toBe(false);
    expect(isClassLoss(moment(ref(1, [1, 3]), ref(2, [1, 3]), ref(3, [1, 3]), ref(4, [])))).toBe(false);
  });

  it('shows all of few classes, else the most probable and the true one', () => {
    expect(shownClasses([0.2, 0.5, 0.3], 0)).toEqual([0, 1, 2]);
    expect(shownClasses([0.1, 0.4, 0.05, 0.3, 0.15], 2, 3)).toEqual([1, 2, 3]);
    expect(shownClasses([0.1, 0.4, 0.05, 0.3, 0.15], 1, 3)).toEqual([1, 3, 4]);
  });
});
