/** Where images and their augmented copies stand on one sheet: a row per image, the original first. */
import type { AugmentationConfig } from '../../core/augmentation/index.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { SheetLayout } from '../use/sample/sheet.ts';

/** Rows of the data set that are shown. */
export const augmentedRows: readonly number[] = [0, 1, 2];
const columns = 5;
/** Larger images would take too long to be redrawn with every key. */
const mostNumbers = 3 * 128 * 128;

/** What is set for images of this shape; undefined where nothing is on or nothing can be shown. */
export function shownAugmentation(
  config: RunConfig | undefined,
  shape: readonly [number, number, number] | undefined,
): AugmentationConfig | undefined {
  const { augmentation } = config ?? {};
  const isOn = augmentation !== undefined && Object.values(augmentation).some((strength) => strength !== 0);
  return isOn && shape !== undefined && shape[0] * shape[1] * shape[2] <= mostNumbers ? augmentation : undefined;
}

export interface Copies {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** The changed copies with the originals before them. */
  beside(changed: Uint8Array): Uint8Array;
}

/** Each image as often as there are columns. */
export function withCopies(images: readonly Uint8Array[]): Copies {
  const size = images[0]?.length ?? 0;
  const bytes = new Uint8Array(images.length * columns * size);
  images.forEach((image, row) => {
    for (let i = 0; i < columns; i++) bytes.set(image, (row * columns + i) * size);
  });
  return {
    count: images.length * columns,
    bytes,
    beside(changed) {
      const sheet = changed.slice();
      images.forEach((image, row) => sheet.set(image, row * columns * size));
      return sheet;
    },
  };
}

export function augmentedLayout([, height, width]: readonly [number, number, number], rows: number): SheetLayout {
  const gap = Math.max(1, Math.round(Math.min(height, width) / 14));
  return { columns, rows, gap, width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
}
