import { it } from 'vitest';
import { checkLayer } from '../testing/checkLayer.ts';

it('Flatten passes the battery', async () => {
  await checkLayer({ type: 'flatten', inputs: ['C2 H3 W2'], shape: 'B × 12', fixtures: ['flatten'] });
  await checkLayer({ type: 'flatten', inputs: ['F4'], shape: 'B × 4' });
});

it('Add passes the battery', async () => {
  await checkLayer({ type: 'add', inputs: ['F3', 'F3', 'F3'], shape: 'B × 3', fixtures: ['add'] });
});

it('Concat passes the battery', async () => {
  await checkLayer({ type: 'concat', inputs: ['F3', 'F1'], shape: 'B × 4', fixtures: ['concat', 'concat of images'] });
  await checkLayer({ type: 'concat', inputs: ['C1 H2 W2', 'C3 H2 W2'], shape: 'B × 4 × 2 × 2' });
});
