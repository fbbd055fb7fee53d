/** Row-major indices of elements. */
import { rowMajorStrides } from '../ops/shapes.ts';

export function coordinatesOf(element: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length);
  let rest = element;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    coordinates[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return coordinates;
}

export function elementAt(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((element, coordinate, axis) => element * shape[axis]! + coordinate, 0);
}

/** Every element of `shape` that has these coordinates; undefined stands for all of an axis. */
export function elementsWhere(coordinates: readonly (number | undefined)[], shape: readonly number[]): number[] {
  const strides = rowMajorStrides(shape);
  let elements = [0];
  coordinates.forEach((coordinate, axis) => {
    const stride = strides[axis]!;
    if (coordinate !== undefined) elements = elements.map((element) => element + coordinate * stride);
    else elements = elements.flatMap((element) => Array.from({ length: shape[axis]! }, (_, i) => element + i * stride));
  });
  return elements;
}
