/** Pixels from elsewhere in the same image: what moves and turns images. */
import type { Builder, Value } from '../program/builder.ts';

/** (B, C, H, W) with out[b, c, y, x] = image[b, c, rows[b, y, x], columns[b, y, x]]; `fill` where that lies outside. Both i32. */
export function pixelsAt(b: Builder, image: Value, rows: Value, columns: Value, fill: number): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = image.shape;
  const places = [batch, 1, height, width];
  const [row, column] = [b.reshape(rows, places), b.reshape(columns, places)];
  const within = (at: Value, size: number): Value => b.minimum(b.maximum(at, 0), size - 1);
  const inside = b.multiply(
    b.multiply(b.binary('lessEqual', b.constant(0, [], 'i32'), row), b.binary('less', row, height)),
    b.multiply(b.binary('lessEqual', b.constant(0, [], 'i32'), column), b.binary('less', column, width)),
  );
  const plane = b.add(b.multiply(b.iota([batch, channels, 1, 1], 0), channels), b.iota([batch, channels, 1, 1], 1));
  const own = b.add(b.multiply(within(row, height), width), within(column, width));
  const at = b.add(b.multiply(plane, height * width), own);
  const moved = b.gather(b.reshape(image, [batch * channels * height * width]), at);
  return b.select(inside, moved, fill);
}

/** Every image moved by whole pixels, down and to the right, (B) f32 each. */
export function moved(b: Builder, image: Value, down: Value, right: Value, fill: number): Value {
  const [batch = 1, , height = 1, width = 1] = image.shape;
  const places = [batch, height, width];
  const by = (distance: Value): Value => b.cast(b.broadcastTo(b.reshape(distance, [batch, 1, 1]), places), 'i32');
  return pixelsAt(b, image, b.subtract(b.iota(places, 1), by(down)), b.subtract(b.iota(places, 2), by(right)), fill);
}
