/**
 * Writes the networks that come with Layerbench and the settings they are trained with into resources/samples/networks:
 *
 *   node scripts/samples/makeNetworks.ts
 *
 * The four first networks were drawn in the app and stay as they are; only their entries in the index come from here.
 */
import fs from 'node:fs';
import path from 'node:path';
import { serializeDocument } from '../../core/graph/parseDocument.ts';
import { samplesFolder } from './sampleSet.ts';
import { exampleNetworks } from './networks/index.ts';

const folder = path.join(samplesFolder, 'networks');
for (const { id, build } of exampleNetworks) {
  if (build !== undefined) fs.writeFileSync(path.join(folder, `${id}.json`), serializeDocument(build()));
}
const index = exampleNetworks.map(({ build: _build, ...entry }) => entry);
fs.writeFileSync(path.join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
