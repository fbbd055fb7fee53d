/** Rows of a data set as the interface shows them. */
import type { Column, DataSet } from '../../core/data/dataSet.ts';
import { textBetween } from '../../core/data/text.ts';
import { raise } from '../../core/problem.ts';
import type { DataPreview, DataPreviewRow, TextStretch } from '../contract/calls.ts';

/** Keeps a preview of images well below one frame. */
const maxImageBytes = 2 * 1024 * 1024;

export function previewRows(dataSet: DataSet, offset: number, count: number): DataPreview {
  const total = dataSet.info.rowCount;
  const from = Math.min(offset, total);
  const images = dataSet.columns.find((column) => column.type === 'image');
  const shape = images?.info.imageShape;
  const imageBytes = shape === undefined ? 0 : shape[0] * shape[1] * shape[2];
  const fitting = imageBytes === 0 ? count : Math.min(count, Math.floor(maxImageBytes / imageBytes));
  const to = Math.min(from + fitting, total);

  const shown = dataSet.columns.filter((column) => column.type !== 'image');
  const rows: DataPreviewRow[] = [];
  for (let row = from; row < to; row += 1) rows.push({ row, cells: shown.map((column) => cellText(column, row)) });
  return {
    columns: shown.map((column) => column.info),
    rows,
    total,
    ...(images?.type === 'image' && shape !== undefined
      ? { images: { shape, bytes: images.values.slice(from * imageBytes, to * imageBytes) } }
      : {}),
  };
}

/** Longest way to a line's beginning. */
const maxLine = 2_000;

/**
 * About `count` characters from about `offset` on: both ends move forward to the next line's beginning, so that
 * stretches of one size fit together.
 */
export function textStretch(dataSet: DataSet, offset: number, count: number): TextStretch {
  const column = dataSet.columns[0];
  if (dataSet.info.kind !== 'text' || column?.type !== 'category')
    raise({ code: 'data.noText', message: `“${dataSet.info.name}” is no running text.`, hint: 'Ask for its rows.' });
  const lineEnd = column.info.categories?.indexOf('\n') ?? -1;
  const total = column.values.length;
  const lineFrom = (at: number): number => {
    if (at <= 0 || at >= total) return Math.max(0, Math.min(at, total));
    const end = column.values.subarray(0, at + maxLine).indexOf(lineEnd, at - 1);
    return end < 0 ? at : end + 1;
  };
  const from = lineFrom(offset);
  const to = lineFrom(offset + count);
  return { from, to, text: textBetween(column, from, to) };
}

function cellText(column: Column, row: number): string | null {
  switch (column.type) {
    case 'number': {
      const value = column.values[row] ?? NaN;
      return Number.isNaN(value) ? null : String(value);
    }
    case 'category':
      return column.info.categories?.[column.values[row] ?? -1] ?? null;
    case 'text':
      return column.values[row] ?? null;
    case 'vector':
      return `${(column.info.vectorSize ?? 0).toLocaleString('en')} numbers`;
    case 'graph': {
      const { nodeCounts, edgeCounts } = column.values;
      return `${nodeCounts[row] ?? 0} nodes, ${edgeCounts[row] ?? 0} edges`;
    }
    case 'image':
      return null;
    default:
      return column satisfies never;
  }
}
