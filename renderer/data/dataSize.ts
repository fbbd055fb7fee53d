/** How large a data set is, in the words of its kind: rows, images, nodes and edges. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { formatCount } from '../ui/format.ts';
import { dataText } from './dataText.ts';

export function rowsText(info: DataSetInfo): string {
  const count = formatCount(info.rowCount);
  switch (info.kind) {
    case 'table':
      return dataText.rows(count);
    case 'images':
      return dataText.imagesCount(count);
    case 'text':
      return dataText.charactersCount(count);
    case 'graph':
      return dataText.nodesCount(count);
    case 'graphs':
      return dataText.graphsCount(count);
    default:
      return info.kind satisfies never;
  }
}

export function sizeText(info: DataSetInfo): string {
  return info.edges === undefined ? rowsText(info) : `${rowsText(info)} · ${dataText.edgesCount(formatCount(info.edges.count))}`;
}
