/** The run config of a network that comes with Layerbench: its data set's defaults, then its own settings. */
import type { DataSetInfo } from '../data/dataSet.ts';
import { defaultRunConfig } from './defaults.ts';
import type { RunConfig } from './runConfig.ts';
import { setConfigPath } from './runConfigSchema.ts';

/** @param settings by path, in the order they are set: `{ task: 'diffusion', epochs: '20' }` */
export function exampleConfig(info: DataSetInfo, network: string, settings: Readonly<Record<string, string>> = {}): RunConfig {
  const start = defaultRunConfig(info, { network });
  return Object.entries(settings).reduce((config, [path, value]) => setConfigPath(config, path, value, info), start);
}
