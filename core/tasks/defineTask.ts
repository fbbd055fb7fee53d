/**
 * A task: what is asked of a network. It says which parts of a data set the network is fed with and what its answer is
 * compared with; loss, measures and how the trained network is used follow from the kind of answer.
 */
import type { ColumnInfo, DataRole, DataSet, DataSetInfo, Task } from '../data/dataSet.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LoweredNetwork, Mode, PreparedRoleType } from '../program/lowerNetwork.ts';
import type { PreparationConfig, SplitConfig } from '../train/runConfig.ts';

/**
 * classes: one of several, per sample, time step or node; numbers; labels: yes or no for each of several; values: an
 * image or features as they should be; verdicts: real or drawn.
 */
export type Answer = 'classes' | 'numbers' | 'labels' | 'values' | 'verdicts';

/** What Input and Output nodes can be bound to. */
export interface TaskRoles {
  readonly inputs: readonly DataRole[];
  readonly targets: readonly DataRole[];
}

/** Everything of a config that decides what is read from a data set. */
export interface TaskSource {
  readonly preparation: PreparationConfig;
  readonly split: SplitConfig;
}

/** What a batch holds. */
export interface Feed {
  input(role: PreparedRoleType): Value;
  readonly target: Value;
  /** (1), where each sample is mixed with its counterpart from the batch's other end: how much of it is its own. */
  readonly mixingShare?: Value;
}

export interface FeedContext<P> {
  readonly b: Builder;
  readonly settings: P;
  readonly network: LoweredNetwork;
  readonly mode: Mode;
  readonly batchSize: number;
  /** A role's batch as stored and scaled. */
  read(role: PreparedRoleType): Value;
}

/** `C` are the settings as the definition sees them. */
export interface TaskDefinition<S extends ParamSpecs = ParamSpecs, C = ParamsOf<S>> {
  readonly type: Task;
  readonly title: string;
  /** One sentence in plain words. */
  readonly doc: string;
  readonly source: string;
  /** Settings of the task, beside its `type` in the run config. */
  readonly params: S;
  readonly answer: Answer;
  /** Whether it can be asked of the data set, with this column as its target. */
  fits(info: DataSetInfo, target: ColumnInfo | undefined): boolean;
  /** From the columns alone. @throws ProblemError where preparation or settings do not fit the data set */
  roles(info: DataSetInfo, source: TaskSource, settings: C): TaskRoles;
  /** @throws ProblemError where target, preparation, split or settings do not fit the data */
  prepare(dataSet: DataSet, source: TaskSource, settings: C): Omit<PreparedData, 'task'>;
  /** Where a batch is more than its stored rows. */
  feed?(context: FeedContext<C>): Feed;
  /** Which part of what arrives at the Output is compared, where it is not all. */
  selectPrediction?(b: Builder, prediction: Value): Value;
}

export function defineTask<const T extends Task, const S extends ParamSpecs>(
  definition: TaskDefinition<S> & { readonly type: T },
): TaskDefinition<S> & { readonly type: T } {
  return definition;
}
