import { expect, it } from 'vitest';
import { augmentedImages } from './preview.ts';

const batch = { shape: [1, 2, 3], count: 2, bytes: Uint8Array.of(0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255) } as const;

it('shows images as training sees them, others in another step', async () => {
  expect(await augmentedImages(batch, {}, 0)).toEqual(batch.bytes);
  expect(await augmentedImages(batch, { horizontalFlip: 1 }, 0)).toEqual(Uint8Array.of(2, 1, 0, 5, 4, 3, 252, 251, 250, 255, 254, 253));
  const first = await augmentedImages(batch, { brightness: 0.5, mixUp: 0.2 }, 0);
  expect(await augmentedImages(batch, { brightness: 0.5, mixUp: 0.2 }, 0)).toEqual(first);
  expect(await augmentedImages(batch, { brightness: 0.5, mixUp: 0.2 }, 1)).not.toEqual(first);
});
