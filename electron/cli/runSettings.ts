/** The run config of a training started from the command line: defaults, then --config, then single options, then --set. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';
import { changeTarget, defaultRunConfig } from '../../core/train/defaults.ts';
import { exampleConfig } from '../../core/train/exampleConfig.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { parseRunConfig, setConfigPath } from '../../core/train/runConfigSchema.ts';
import { readJsonFile } from './files.ts';
import type { NamedNetwork } from './readNetwork.ts';
import type { TrainOptions } from './train.ts';

/** Options that stand for one field of the config each. */
const fields = [
  ['optimizer', 'optimizer.type'],
  ['learning-rate', 'optimizer.learningRate'],
  ['epochs', 'epochs'],
  ['batch-size', 'batchSize'],
  ['seed', 'seed'],
  ['engine', 'engine.kind'],
  ['threads', 'engine.threads'],
] as const satisfies readonly (readonly [keyof TrainOptions, string])[];

/** @throws ProblemError naming the option or file that is wrong */
export async function buildConfig(
  network: NamedNetwork,
  options: TrainOptions,
  findDataSet: (id: string) => Promise<DataSetInfo>,
): Promise<{ config: RunConfig; info: DataSetInfo }> {
  const fromFile = options.config === undefined ? undefined : parseRunConfig(await readJsonFile(options.config, 'config'));
  const dataId = options.data ?? fromFile?.data.id ?? network.dataSet;
  if (dataId === undefined) {
    raise({
      code: 'cli.missingOption',
      message: '"train" needs --data <id|file.csv> for this network.',
      hint: '"layerbench data" lists the data sets.',
    });
  }
  const info = await findDataSet(dataId);
  let config = startingPoint(fromFile, info, network, options.target);
  for (const [option, path] of fields) {
    const text = options[option];
    if (text !== undefined) config = setConfigPath(config, path, text, info);
  }
  for (const assignment of options.set ?? []) {
    const equals = assignment.indexOf('=');
    if (equals < 1) {
      raise({
        code: 'cli.assignment',
        message: `"--set" expects path=value, got "${assignment}".`,
        hint: 'For example: --set optimizer.learningRate=0.01.',
      });
    }
    config = setConfigPath(config, assignment.slice(0, equals).trim(), assignment.slice(equals + 1), info);
  }
  return { config, info };
}

/** The config file as it is for its own data; for other data, the fitting defaults with the file's training settings. */
function startingPoint(fromFile: RunConfig | undefined, info: DataSetInfo, network: NamedNetwork, target: string | undefined): RunConfig {
  const { name } = network.document;
  if (fromFile?.data.id === info.id) {
    const config = { ...fromFile, network: { name }, data: { id: info.id } };
    return target === undefined ? config : changeTarget(config, info, target);
  }
  const isOwnData = info.id === network.dataSet && target === undefined;
  const defaults = isOwnData
    ? exampleConfig(info, name, network.settings)
    : defaultRunConfig(info, { network: name, ...(target === undefined ? {} : { target }) });
  if (fromFile === undefined) return defaults;
  const { optimizer, schedule, controls, layerRates, epochs, batchSize, engine, seed } = fromFile;
  return { ...defaults, optimizer, schedule, controls, layerRates, epochs, batchSize, engine, seed };
}
