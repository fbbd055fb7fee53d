/** The images of a data set as generative tasks want them: pixels from −1 to 1, without a target beside them. */
import type { DataRole, DataSet, DataSetInfo } from '../data/dataSet.ts';
import { planInputs, imageRole } from '../data/inputRoles.ts';
import { columnOf } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import type { SplitParts } from '../data/split.ts';
import { raise, type Problem } from '../problem.ts';
import type { TaskSource } from './defineTask.ts';
import { divide, notInputs } from './rows.ts';

/** Bytes to −1 … 1. */
export const signedPixels = { multiply: 2 / 255, add: -1 };

/** The image column's role under another name. @throws ProblemError where the data set has no images in use */
export function pixelsRole(info: DataSetInfo, source: TaskSource): DataRole {
  const { image } = planInputs(info, source.preparation, notInputs(source));
  if (image !== undefined) return { ...imageRole(image.column, 'none'), description: pixelText(image.role) };
  return raise({
    code: 'task.noImages',
    message: `The data set ${info.id} has no images in use: this task draws images.`,
    where: { kind: 'config', path: 'task' },
    hint: 'Choose a data set of images.',
  });
}

function pixelText({ shape }: DataRole): string {
  return `${shape
    .slice(1)
    .map(({ size }) => size)
    .join(' × ')}, scaled −1 to 1`;
}

export interface PreparedPixels {
  readonly stored: Omit<PreparedRole, 'role'>;
  readonly parts: SplitParts;
  readonly fitted: readonly { column: string; becomes: string; features: number }[];
  readonly notices: readonly Problem[];
}

export function preparePixels(dataSet: DataSet, source: TaskSource): PreparedPixels {
  const { info } = dataSet;
  const { image } = planInputs(info, source.preparation, notInputs(source));
  const name = image?.column.name ?? '';
  const column = columnOf(dataSet, name);
  const rowShape = image?.column.imageShape ?? [1, 1, 1];
  const notices: Problem[] = [];
  const rows = Int32Array.from({ length: info.rowCount }, (_, row) => row);
  const parts = divide(dataSet, rows, source, notices);
  return {
    stored: { dtype: 'u8', rowShape, values: column.values as Uint8Array, affine: signedPixels },
    parts,
    fitted: [{ column: name, becomes: 'pixels scaled to −1…1', features: rowShape.reduce((product, n) => product * n, 1) }],
    notices,
  };
}
