/** Every network that comes with Layerbench, in the order they are offered. */
import type { ExampleNetwork } from './example.ts';
import { graphNetworks } from './graphs.ts';
import { imageNetworks } from './images.ts';
import { sequenceNetworks } from './sequences.ts';
import { tableNetworks } from './tables.ts';

export const exampleNetworks: readonly ExampleNetwork[] = [...imageNetworks, ...tableNetworks, ...sequenceNetworks, ...graphNetworks];
