import { expect, it } from 'vitest';
import { formatShape } from '../graph/shape.ts';
import { imageRole, labelRole, massRole } from '../testing/documents.ts';
import { readShape } from '../testing/checkLayer.ts';
import { isShapeProblem } from './defineLayer.ts';
import { input } from './input.ts';
import { output } from './output.ts';

const nothing = { inputs: [], inputNames: [], name: 'input_1' };

it('Input takes shape and words from its role, without data from its own text', () => {
  const shapeOf = (shape: string): string => {
    const result = input.inferShape({ ...nothing, params: { role: '', shape } });
    return isShapeProblem(result) ? result.code : formatShape(result);
  };
  expect(input.describe({ ...nothing, params: { role: 'image', shape: '' }, role: imageRole })).toBe('1 × 28 × 28, scaled 0–1');
  expect(input.describe({ ...nothing, params: { role: '', shape: '64 tokens' } })).toBe('64 tokens');
  expect(input.inferShape({ ...nothing, params: { role: 'image', shape: '7' }, role: imageRole })).toBe(imageRole.shape);
  expect(['784', '3, 5', '1x28x28', '1 × 8 × 8', '3*4*5', '64 tokens', '1×4×8×8'].map(shapeOf)).toEqual([
    'B × 784',
    'B × 3 × 5',
    'B × 1 × 28 × 28',
    'B × 1 × 8 × 8',
    'B × 3 × 4 × 5',
    'B × 64',
    'B × 1 × 4 × 8 × 8',
  ]);
  expect(['', '0', '-3', '1.5', 'a', '1×2×3×4×5', '99999×99999', '0 tokens'].map(shapeOf)).toEqual(
    Array.from({ length: 8 }, () => 'input.shape'),
  );
});

it('Output describes its target and counts what must arrive', () => {
  const context = { params: { role: 'x' }, inputNames: ['d'], name: 'out' };
  expect(output.describe({ ...context, inputs: [], role: labelRole })).toBe('10 classes · cross-entropy');
  expect(output.describe({ ...context, inputs: [], role: massRole })).toBe('mass in g · 1 number');
  expect(output.inferShape({ ...context, inputs: [readShape('F10')], role: labelRole })).toEqual(readShape('F10'));
  expect(output.inferShape({ ...context, inputs: [readShape('F3')], role: massRole })).toMatchObject({
    message: 'out expects 1 unit because "mass" is one number, got 3 from d.',
  });
  expect(output.inferShape({ ...context, inputs: [readShape('F3')] })).toEqual(readShape('F3'));

  const perStep = { ...context, role: { ...labelRole, shape: readShape('T4 F10') } };
  expect(output.describe({ ...perStep, inputs: [] })).toBe('10 classes per step · cross-entropy');
  expect(output.inferShape({ ...perStep, inputs: [readShape('T4 F10')] })).toEqual(readShape('T4 F10'));
  expect(output.inferShape({ ...perStep, inputs: [readShape('F10')] })).toMatchObject({
    message: 'out expects 10 units for each of 4 time steps for "label", got B × 10 from d.',
  });
  expect(output.inferShape({ ...perStep, inputs: [readShape('T4 F9')] })).toMatchObject({
    message: 'out expects 10 units because "label" has 10 classes, got 9 from d.',
  });
});
