/** What a data set offers a network, for `shapes`: from the description of a bundled one, else from the library. */
import type { DataRole, DataSetInfo } from '../../core/data/dataSet.ts';
import { rolesOf } from '../../core/tasks/roles.ts';
import { raise } from '../../core/problem.ts';
import { exampleConfig } from '../../core/train/exampleConfig.ts';
import { listSamples } from '../files/samples.ts';
import { resourcesFolder } from '../host/folders.ts';
import { withHost } from './library.ts';
import { suggestion } from './nearest.ts';
import type { NamedNetwork } from './readNetwork.ts';

/**
 * @param data the data set's id; without one, the data set the network was made for
 * @returns null where there is none
 */
export async function rolesFor(
  data: string | undefined,
  network: NamedNetwork,
  library: string | undefined,
): Promise<readonly DataRole[] | null> {
  const id = data ?? network.dataSet;
  if (id === undefined) return null;
  const info = listSamples(resourcesFolder()).find((sample) => sample.id === id) ?? (await imported(id, library));
  return rolesOf(info, exampleConfig(info, network.document.name, id === network.dataSet ? network.settings : undefined));
}

async function imported(id: string, library: string | undefined): Promise<DataSetInfo> {
  const dataSets = await withHost(library, async (host) => host.handlers['data.list']({}));
  return (
    dataSets.find((info) => info.id === id) ??
    raise({
      code: 'data.unknown',
      message: `There is no data set "${id}".`,
      hint: suggestion(
        id,
        dataSets.map((info) => info.id),
      ),
    })
  );
}
