/** The image that is asked about: drawn, chosen from the data, or read from a file; and the network's answer to it. */
import type { UseAnswer, UseDescription, UseItem, UseRow } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';
import { showError } from '../../workspace/notices.svelte.ts';
import { Live } from '../live.svelte.ts';
import { readImageFile } from './imageFile.ts';
import { measureStyle, usualStyle, type ImageShape, type ImageStyle } from './imageStyle.ts';
import { rasterise } from './rasterise.ts';
import type { Drawing } from './strokes.ts';

export type Brush = 'thin' | 'normal' | 'thick';
const brushFactors: Record<Brush, number> = { thin: 0.75, normal: 1, thick: 1.35 };
/** Of the pad, at the normal brush. */
const padThickness = 0.07;

export class ImageInput {
  readonly shape: ImageShape;
  drawing = $state.raw<Drawing>([]);
  brush = $state.raw<Brush>('normal');
  /** The row of the data set that was chosen. */
  row = $state.raw<number | undefined>();
  /** What goes into the network, C × H × W. */
  bytes = $state.raw<Uint8Array | undefined>();
  readonly live: Live<UseItem, UseAnswer | undefined>;
  #style: ImageStyle;

  constructor({ run, predict }: UseDescription) {
    this.shape = predict?.image ?? [1, 1, 1];
    this.#style = usualStyle(this.shape);
    this.live = new Live(async (item) => (await call('use.predict', { run, items: [item] }))[0]);
  }

  get thickness(): number {
    return padThickness * brushFactors[this.brush];
  }

  /** How the data's images look decides what becomes of a drawing. */
  learnStyle(rows: readonly UseRow[]): void {
    const images = rows.flatMap(({ image }) => (image === undefined ? [] : [...image.bytes]));
    if (images.length > 0) this.#style = measureStyle(this.shape, Uint8Array.from(images));
  }

  draw(drawing: Drawing): void {
    this.row = undefined;
    this.drawing = drawing;
    const bytes = rasterise(drawing, this.#style, { brush: brushFactors[this.brush] });
    if (bytes === undefined) this.#forget();
    else this.#ask(bytes, { image: bytes });
  }

  setBrush(brush: Brush): void {
    this.brush = brush;
    if (this.drawing.length > 0) this.draw(this.drawing);
  }

  choose({ row, image }: UseRow): void {
    this.drawing = [];
    this.row = row;
    this.#ask(image?.bytes, { row });
  }

  async read(file: File): Promise<void> {
    try {
      const bytes = await readImageFile(file, this.#style);
      this.drawing = [];
      this.row = undefined;
      this.#ask(bytes, { image: bytes });
    } catch (error) {
      showError(error);
    }
  }

  #ask(bytes: Uint8Array | undefined, item: UseItem): void {
    this.bytes = bytes;
    this.live.ask(item);
  }

  #forget(): void {
    this.bytes = undefined;
    this.live.clear();
  }
}
