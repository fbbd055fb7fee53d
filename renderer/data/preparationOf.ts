/** How a column is prepared under a run config: as listed, else the default for its type. */
import { defaultColumnPreparation } from '../../core/data/features.ts';
import type { ColumnInfo, DataSetInfo } from '../../core/data/dataSet.ts';
import type { ColumnPreparation, RunConfig } from '../../core/train/runConfig.ts';

export function preparationOf(config: RunConfig, info: DataSetInfo, column: ColumnInfo): ColumnPreparation {
  return config.preparation.columns[column.name] ?? defaultColumnPreparation(column, info.rowCount);
}
