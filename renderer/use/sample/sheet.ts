/** Many small images side by side on one sheet. */
import type { ImageSheet } from '../../../electron/contract/calls.ts';
import { toPixels } from '../../data/thumbnail.ts';

export interface SheetLayout {
  readonly columns: number;
  readonly rows: number;
  /** Pixels between two images. */
  readonly gap: number;
  readonly width: number;
  readonly height: number;
}

/** The grid in which the images stand largest in a place of this width over height; of almost equal ones the one without gaps. */
export function layoutSheet({ shape, count }: Pick<ImageSheet, 'shape' | 'count'>, aspect: number): SheetLayout {
  const [, height, width] = shape;
  const gap = Math.max(1, Math.round(Math.min(height, width) / 14));
  const grids = Array.from({ length: count }, (_, i) => {
    const columns = i + 1;
    const rows = Math.ceil(count / columns);
    const size = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
    return { columns, rows, gap, ...size, scale: Math.min(aspect / size.width, 1 / size.height), empty: columns * rows - count };
  });
  const largest = Math.max(...grids.map(({ scale }) => scale));
  const near = grids.filter(({ scale }) => scale >= 0.85 * largest);
  const {
    scale: _scale,
    empty: _empty,
    ...layout
  } = near.reduce((best, grid) => (grid.empty < best.empty || (grid.empty === best.empty && grid.scale > best.scale) ? grid : best));
  return layout;
}

/** Draws the sheet in its images' own resolution. */
export function drawSheet(canvas: HTMLCanvasElement, sheet: ImageSheet, layout: SheetLayout): void {
  const [channels, height, width] = sheet.shape;
  canvas.width = layout.width;
  canvas.height = layout.height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const size = channels * height * width;
  for (let i = 0; i < sheet.count; i++) {
    const pixels = toPixels(sheet.shape, sheet.bytes.subarray(i * size, (i + 1) * size));
    const left = (i % layout.columns) * (width + layout.gap);
    const top = Math.floor(i / layout.columns) * (height + layout.gap);
    context.putImageData(new ImageData(pixels, width, height), left, top);
  }
}

/** Enlarged by a whole number, so that small images stay sharp in any viewer. */
export async function sheetPng(canvas: HTMLCanvasElement): Promise<Blob | null> {
  const scale = Math.max(1, Math.floor(1024 / Math.max(canvas.width, canvas.height)));
  const large = document.createElement('canvas');
  large.width = canvas.width * scale;
  large.height = canvas.height * scale;
  const context = large.getContext('2d');
  if (context === null) return null;
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  return new Promise((resolve) => large.toBlob(resolve, 'image/png'));
}
