/** A random piece of the image's own size out of the image with its border mirrored around it. */
import { defineAugmentation, rowTasks, wholeEitherWay } from './defineAugmentation.ts';
import { pixelsAt } from './resample.ts';

export const crop = defineAugmentation({
  name: 'crop',
  param: {
    kind: 'integer',
    label: 'Random crop',
    doc: 'Pixels the image is padded with on every side, by mirroring its border, before a piece of its size is cut out. 0 is off, 4 usual for 32 × 32.',
    default: 0,
    min: 0,
    max: 256,
    unit: 'px',
  },
  source: 'He and others 2016, Deep residual learning, section 4.2 (there padded with zeros)',
  inputs: ['image'],
  tasks: rowTasks,
  refuses([, height = 1, width = 1], strength) {
    const most = Math.min(height, width) - 1;
    return strength <= most ? undefined : `expected at most ${most} px for images ${height} × ${width}, got ${strength}`;
  },
  augment({ b, x, strength, black }) {
    const [batch = 1, , height = 1, width = 1] = x.shape;
    const places = [batch, height, width];
    // Positions beyond an edge are mirrored at it: −2 is 2, size + 1 is size − 3.
    const mirrored = (axis: number, size: number) => {
      const by = b.cast(b.broadcastTo(b.reshape(wholeEitherWay(b, [batch], strength), [batch, 1, 1]), places), 'i32');
      const at = b.add(b.iota(places, axis), by);
      const positive = b.maximum(at, b.subtract(0, at));
      return b.minimum(positive, b.subtract(2 * (size - 1), positive));
    };
    return pixelsAt(b, x, mirrored(1, height), mirrored(2, width), black);
  },
});
