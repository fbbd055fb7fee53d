/** Node classification: a class for every node of one graph, most of which have no label. The whole graph is computed at once. */
import type { ColumnInfo, DataRole, DataSetInfo } from '../data/dataSet.ts';
import { findTarget } from '../data/features.ts';
import { directedEdges, mirroredEdges } from '../data/graph.ts';
import { planInputs } from '../data/inputRoles.ts';
import { columnOf, prepareInputs } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import { prepareTarget, rowsWithTarget } from '../data/targets.ts';
import { batchDim, dim, edgesShape } from '../graph/shape.ts';
import type { Problem } from '../problem.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { divide, notInputs } from './rows.ts';

function rolesOf(info: DataSetInfo, source: TaskSource): { nodes: DataRole; edges: DataRole; target: DataRole; column: ColumnInfo } {
  const column = findTarget(info, source.preparation);
  const width = planInputs(info, source.preparation, notInputs(source)).features?.width ?? 0;
  const nodes = dim('N', info.rowCount);
  const classNames = column.categories ?? [];
  const edgeCount = (info.edges?.count ?? 0) * (info.edges?.directed === true ? 1 : 2);
  return {
    column,
    nodes: {
      name: 'nodes',
      kind: 'input',
      shape: [batchDim, nodes, dim('F', width)],
      description: `${info.rowCount} nodes with ${width} features`,
    },
    edges: {
      name: 'edges',
      kind: 'input',
      shape: edgesShape(edgeCount),
      description: `${edgeCount} edges, from and to`,
    },
    target: {
      name: column.name,
      kind: 'target',
      shape: [batchDim, nodes, dim('F', classNames.length)],
      task: 'nodeClassification',
      classNames,
      description: `${classNames.length} classes per node`,
    },
  };
}

export const nodeClassification = defineTask({
  type: 'nodeClassification',
  title: 'Node classification',
  doc: 'Finds the class of every node of a graph from its features, its neighbours and the few nodes whose class is known.',
  source: 'Kipf, Welling 2017, Semi-supervised classification with graph convolutional networks',
  params: {},
  answer: 'classes',
  fits: (info, target) => info.kind === 'graph' && target?.type === 'category',
  roles(info, source) {
    const { nodes, edges, target } = rolesOf(info, source);
    return { inputs: [nodes, edges], targets: [target] };
  },
  prepare(dataSet, source) {
    const { info } = dataSet;
    const { nodes, edges, target: role, column } = rolesOf(info, source);
    const classes = columnOf(dataSet, column.name);
    const notices: Problem[] = [];
    const parts = divide(dataSet, rowsWithTarget(classes, info.rowCount, notices), source, notices, classes);
    const prepared = prepareInputs(dataSet, planInputs(info, source.preparation, notInputs(source)), parts.train);
    const features = prepared.inputs.find((input) => input.role.name === 'features');
    const whole = (own: DataRole, values: PreparedRole['values'], dtype: 'f32' | 'i32'): PreparedRole => ({
      role: own,
      dtype,
      rowShape: own.shape.slice(1).map(({ size }) => size ?? 1),
      values,
      reading: { kind: 'whole' },
    });
    const listed = dataSet.edges ?? new Int32Array(0);
    const both = info.edges?.directed === true ? directedEdges(listed, info.rowCount) : mirroredEdges(listed, info.rowCount);
    const { target } = prepareTarget(classes, role, source.preparation, parts.train, notices);
    return {
      rowCount: info.rowCount,
      inputs: [whole(nodes, features?.values ?? new Float32Array(0), 'f32'), whole(edges, both, 'i32')],
      target,
      parts,
      fitted: prepared.fitted,
      notices: [...notices, ...prepared.notices],
    };
  },
  // (1, N, classes) → the batch's nodes (B, classes)
  selectPrediction(b, prediction) {
    const [, nodes = 1, units = 1] = prediction.shape;
    return b.gather(b.reshape(prediction, [nodes, units]), b.rows());
  },
});
