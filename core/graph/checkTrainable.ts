/** Everything that keeps the Train button disabled, each reason with its place and, where there is one, a fix. */
import { checkAugmentation } from '../augmentation/index.ts';
import type { DataRole } from '../data/dataSet.ts';
import { resolveParams, findLayer } from '../layers/index.ts';
import { expectation } from '../layers/params.ts';
import type { ParamSpecs } from '../layers/defineLayer.ts';
import { losses, lossesFor, lossOf } from '../losses/index.ts';
import { optimizerOf } from '../optimizers/index.ts';
import type { Problem } from '../problem.ts';
import { schedules } from '../schedules/index.ts';
import { controlSpecs } from '../train/controlSpecs.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { findBlock, viewBlock } from './blocks.ts';
import type { BlockId, LayerNode, NetworkDocument, ParamValue } from './document.ts';
import { placeProblem } from './inferBlock.ts';
import { boundRole, inferShapes, isSoftmax, type NetworkShapes } from './inferShapes.ts';
import { ancestors, readGraph, type Graph } from './walk.ts';
import { taskOf, tasks } from '../tasks/index.ts';

/**
 * @param roles what the data set offers; null while none is chosen
 * @param config the run config; absent while no data set is chosen
 * @param shapes of this document and these roles, where the caller has them already
 */
export function checkTrainable(
  document: NetworkDocument,
  roles: readonly DataRole[] | null,
  config?: RunConfig,
  shapes: NetworkShapes = inferShapes(document, roles),
): Problem[] {
  const problems: Problem[] = [];
  if (roles === null) {
    problems.push({
      code: 'train.noData',
      where: { kind: 'config', path: 'data.id' },
      message: 'No data set is chosen.',
      hint: 'Choose one in Data.',
    });
  }
  const graph = readGraph(document);
  const outputs = document.nodes.filter((node) => node.type === 'output');
  const wanted = config?.task.type === 'adversarial' ? 2 : 1;
  problems.push(...checkEnds(document, outputs, wanted), ...shapes.problems);
  const output = outputs[0];
  if (output !== undefined && outputs.length === wanted) {
    problems.push(...checkDeadEnds(document, graph, outputs, shapes), ...checkBlocks(document, shapes));
    if (config !== undefined) problems.push(...checkTask(output, document, graph, roles, config));
  }
  if (roles !== null && config === undefined) {
    problems.push({ code: 'train.noConfig', where: { kind: 'document' }, message: 'The network has no training settings yet.' });
  }
  problems.push(...checkLayerCount(shapes));
  if (shapes.parameters > 0 && shapes.frozenParameters === shapes.parameters) {
    problems.push({
      code: 'train.allFrozen',
      where: { kind: 'document' },
      message: 'All weights of the network are frozen: nothing can be trained.',
      hint: 'Unfreeze a layer.',
    });
  }
  if (config?.augmentation !== undefined && roles !== null)
    problems.push(...checkAugmentation(config.augmentation, roles, config.task.type));
  if (config !== undefined) problems.push(...checkNumbers(config), ...checkLayerRates(document, config), ...checkMemory(shapes, config));
  return problems;
}

/** What a session may take, so that a slip of the keyboard (a million units) is a sentence, not a crash. */
export const maximumSessionBytes = 4 * 2 ** 30;

/** Weights, their gradients and the optimizer's states alone; the batch comes on top, once the rows are known. */
function checkMemory(shapes: NetworkShapes, config: RunConfig): Problem[] {
  const states = optimizerOf(config.optimizer).stateNames(config.optimizer).length;
  const bytes = 4 * ((shapes.parameters - shapes.frozenParameters) * (2 + states) + shapes.frozenParameters);
  return bytes <= maximumSessionBytes ? [] : [memoryProblem(bytes, `Its ${shapes.parameters.toLocaleString('en-US')} parameters`)];
}

/** A program of more ops than this takes minutes to compile. */
const mostLayers = 5000;

function checkLayerCount({ layers }: NetworkShapes): Problem[] {
  if (layers <= mostLayers) return [];
  const message = `The network has ${layers.toLocaleString('en-US')} layers with all repetitions, expected at most ${mostLayers.toLocaleString('en-US')} for training.`;
  return [{ code: 'train.layers', where: { kind: 'document' }, message, hint: 'Let its blocks repeat less often.' }];
}

export function memoryProblem(bytes: number, what: string): Problem {
  const gigabytes = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GB`;
  return {
    code: 'train.memory',
    where: { kind: 'document' },
    message: `${what} would need ${gigabytes(bytes)} of memory for training, expected at most ${gigabytes(maximumSessionBytes)}.`,
    hint: 'Use fewer units or a smaller batch.',
  };
}

function checkEnds(document: NetworkDocument, outputs: readonly LayerNode[], wanted: number): Problem[] {
  const problems: Problem[] = [];
  if (!document.nodes.some((node) => node.type === 'input')) {
    problems.push({
      code: 'train.noInput',
      where: { kind: 'document' },
      message: 'The network has no Input: no data can enter.',
      hint: 'Add an Input and connect it to the first layer.',
    });
  }
  if (outputs.length === 1 && wanted === 2) {
    problems.push({
      code: 'train.fewOutputs',
      where: { kind: 'document' },
      message: `The network has one Output, an adversarial pair has two: one for the verdict on real images, one for that on drawn ones.`,
      hint: 'Add an Output behind the discriminator of the drawn images and bind it to "drawn".',
    });
  }
  if (outputs.length === 0) {
    problems.push({
      code: 'train.noOutput',
      where: { kind: 'document' },
      message: 'The network has no Output: nothing is predicted.',
      hint: 'Add an Output behind the last layer.',
    });
  }
  for (const extra of outputs.slice(wanted)) {
    problems.push({
      code: 'train.manyOutputs',
      where: { kind: 'node', node: extra.id },
      message: `The network has ${outputs.length} Outputs (${outputs.map((node) => node.name).join(', ')}), training expects ${wanted === 1 ? 'one' : wanted}.`,
      hint: `Remove all but ${wanted === 1 ? 'one' : wanted}.`,
      fixes: [{ kind: 'removeNode', label: `Remove ${extra.name}`, node: extra.id }],
    });
  }
  return problems;
}

/** The same within every block that is used. */
function checkBlocks(document: NetworkDocument, shapes: NetworkShapes): Problem[] {
  const seen = new Map<BlockId, Problem[]>();
  const visit = (view: NetworkDocument, inferred: NetworkShapes): void => {
    for (const node of view.nodes) {
      const inside = inferred.nodes.get(node.id)?.inside;
      if (node.block === undefined || inside === undefined || seen.has(node.block)) continue;
      const block = viewBlock(document, node.block);
      const end = block.nodes.find(({ type }) => type === 'blockOutput');
      const loose = end === undefined ? [] : checkDeadEnds(block, readGraph(block), [end], inside);
      seen.set(
        node.block,
        loose.map((problem) => placeProblem(problem, node.block ?? '')),
      );
      visit(block, inside);
    }
  };
  visit(document, shapes);
  return [...seen.values()].flat();
}

/** Layers that don't lead to the Output would silently stay untrained. */
function checkDeadEnds(document: NetworkDocument, graph: Graph, outputs: readonly LayerNode[], shapes: NetworkShapes): Problem[] {
  const used = new Set(outputs.flatMap(({ id }) => [...ancestors(graph, id)]));
  const [output] = outputs;
  return document.nodes
    .filter((node) => !used.has(node.id) && node.type !== output?.type && (shapes.nodes.get(node.id)?.problems.length ?? 0) === 0)
    .filter((node) => (graph.outgoing.get(node.id) ?? []).length === 0)
    .map((node): Problem => ({
      code: 'train.deadEnd',
      where: { kind: 'node', node: node.id },
      message: `${node.name} leads nowhere: it is not connected towards ${output?.name} and would not be trained.`,
      hint: 'Connect it onwards or remove it.',
      fixes: [{ kind: 'removeNode', label: `Remove ${node.name}`, node: node.id }],
    }));
}

function checkTask(
  output: LayerNode,
  document: NetworkDocument,
  graph: Graph,
  roles: readonly DataRole[] | null,
  config: RunConfig,
): Problem[] {
  const problems: Problem[] = [];
  const definition = findLayer(output.type);
  const role = definition === undefined ? undefined : boundRole(definition, resolveParams(definition, output.params), roles);
  const task = role?.task ?? config.task.type;
  const { answer, title } = tasks[task];
  if (task !== config.task.type) {
    problems.push({
      code: 'config.task',
      where: { kind: 'config', path: 'task' },
      message: `The settings say ${taskOf(config.task).title}, but "${role?.name}" at ${output.name} is a target for ${title}.`,
      hint: `Set the task to ${title}.`,
      fixes: [{ kind: 'setConfig', label: `Set the task to ${title}`, path: 'task.type', value: task }],
    });
  }
  const loss = lossOf(config.loss);
  if (!loss.answers.includes(answer)) {
    const fitting = lossesFor(answer);
    problems.push({
      code: 'config.loss',
      where: { kind: 'config', path: 'loss.type' },
      message: `The loss ${loss.title} does not fit ${title.toLowerCase()}: expected ${fitting.map((name) => losses[name].title).join(' or ')}.`,
      hint: `Choose ${losses[fitting[0] ?? config.loss.type].title}.`,
      fixes: fitting.map((name) => ({ kind: 'setConfig', label: `Use ${losses[name].title}`, path: 'loss.type', value: name })),
    });
  }
  if (task !== 'classification' && task !== 'nodeClassification' && config.controls.sampling !== 'shuffle') {
    problems.push({
      code: 'config.sampling',
      where: { kind: 'config', path: 'controls.sampling' },
      message: `Sampling by class does not fit ${title.toLowerCase()}: there is no one class for each row.`,
      hint: 'Let every row count once.',
      fixes: [{ kind: 'setConfig', label: 'Every row once', path: 'controls.sampling', value: 'shuffle' }],
    });
  }
  if (task === 'adversarial' && config.controls.accumulation > 1) {
    problems.push({
      code: 'config.accumulation',
      where: { kind: 'config', path: 'controls.accumulation' },
      message: `An adversarial pair takes both steps on one batch, got ${config.controls.accumulation} batches per step.`,
      fixes: [{ kind: 'setConfig', label: 'One batch per step', path: 'controls.accumulation', value: 1 }],
    });
  }
  problems.push(...checkVocabulary(document, graph, roles));
  const last = graph.nodes.get(graph.incoming.get(output.id)?.[0]?.from ?? '');
  const within = last === undefined ? undefined : softmaxWithin(document, last);
  if (last !== undefined && within !== undefined) {
    problems.push({
      code: 'block.softmax',
      where: { kind: 'node', node: last.id },
      message: `${last.name} ends in the softmax of ${within.name}, which the loss would apply a second time.`,
      hint: 'Take it out of the block: a Softmax before the Output is applied once.',
    });
  }
  if (answer === 'numbers' && last !== undefined && isSoftmax(last)) {
    problems.push({
      code: 'regression.softmax',
      where: { kind: 'node', node: last.id },
      message: `${last.name} ends in a softmax, which ${role?.shape.at(-1)?.size === 1 ? 'turns a single number into the same value for every sample, but' : 'makes all numbers positive with sum 1, but'} ${output.name} predicts ${role?.shape.at(-1)?.size === 1 ? 'a number' : 'numbers'}.`,
      hint: last.type === 'dense' ? 'Set its activation to Linear.' : 'Remove it.',
      fixes: [
        last.type === 'dense'
          ? { kind: 'setParam', label: `Set ${last.name} to linear`, node: last.id, param: 'activation', value: 'linear' }
          : { kind: 'removeNode', label: `Remove ${last.name}`, node: last.id },
      ],
    });
  }
  return problems;
}

/** An Embedding or OneHot right behind tokens needs a row for each of them. */
function checkVocabulary(document: NetworkDocument, graph: Graph, roles: readonly DataRole[] | null): Problem[] {
  return document.nodes.flatMap((node): Problem[] => {
    const param = node.type === 'embedding' ? 'vocabulary' : node.type === 'oneHot' ? 'classes' : undefined;
    const definition = findLayer(node.type);
    const source = graph.nodes.get(graph.incoming.get(node.id)?.[0]?.from ?? '');
    if (param === undefined || definition === undefined || source?.type !== 'input') return [];
    const kinds = roles?.find((role) => role.kind === 'input' && role.name === source.params.role)?.classNames?.length;
    const has = Number(resolveParams(definition, node.params)[param]);
    if (kinds === undefined || has >= kinds) return [];
    return [
      {
        code: 'train.vocabulary',
        where: { kind: 'node', node: node.id, param },
        message: `${node.name} has rows for ${has} tokens, but "${String(source.params.role)}" has ${kinds} kinds.`,
        hint: `Give it ${kinds}.`,
        fixes: [{ kind: 'setParam', label: `Set ${node.name} to ${kinds} tokens`, node: node.id, param, value: kinds }],
      },
    ];
  });
}

/** The softmax with which a block ends, at any depth. */
function softmaxWithin(document: NetworkDocument, node: LayerNode, depth = document.blocks.length): LayerNode | undefined {
  // A block that contains itself would be followed for ever.
  const block = node.type === 'block' && depth > 0 ? findBlock(document, node.block) : undefined;
  const end = block?.nodes.find(({ type }) => type === 'blockOutput');
  const from = block?.edges.find((edge) => edge.to === end?.id)?.from;
  const last = block?.nodes.find(({ id }) => id === from);
  if (last === undefined) return undefined;
  return isSoftmax(last) ? last : softmaxWithin(document, last, depth - 1);
}

/** A factor for a layer that is not there would silently do nothing. */
function checkLayerRates(document: NetworkDocument, config: RunConfig): Problem[] {
  const known = new Set(document.nodes.flatMap((node) => [node.id, node.name]));
  return (
    Object.keys(config.layerRates)
      // What follows the first / is a layer inside a block.
      .filter((key) => config.layerRates[key] !== 1 && !known.has(key.split('/')[0]!))
      .map((key): Problem => ({
        code: 'config.layerRates',
        where: { kind: 'config', path: `layerRates.${key}` },
        message: `The learning rates name a layer "${key}" that the network does not have.`,
        hint: `Its layers: ${document.nodes.map((node) => node.name).join(', ')}.`,
        fixes: [{ kind: 'setConfig', label: 'Leave its learning rate alone', path: `layerRates.${key}`, value: 1 }],
      }))
  );
}

function checkNumbers(config: RunConfig): Problem[] {
  const wholes = [
    ['epochs', 'Epochs', config.epochs, 1_000_000],
    ['batchSize', 'Batch size', config.batchSize, 1_000_000],
  ] as const;
  const problems = wholes
    .filter(([, , value, max]) => !Number.isInteger(value) || value < 1 || value > max)
    .map(([path, label, value, max]): Problem => ({
      code: 'config.value',
      where: { kind: 'config', path },
      message: `${label} should be a whole number from 1 to ${max.toLocaleString('en-US')}, got ${value}.`,
    }));
  const groups = [
    ['loss', config.loss, lossOf(config.loss).params],
    ['optimizer', config.optimizer, optimizerOf(config.optimizer).params],
    ['schedule', config.schedule, schedules[config.schedule.kind].params],
    ['controls', config.controls, controlSpecs],
  ] as const;
  for (const [group, values, specs] of groups) {
    for (const [name, spec] of Object.entries(specs as ParamSpecs)) {
      const value = (values as unknown as Record<string, ParamValue>)[name] ?? null;
      const expected = expectation(spec, value);
      if (expected !== null) {
        problems.push({
          code: 'config.value',
          where: { kind: 'config', path: `${group}.${name}` },
          message: `${spec.label} should be ${expected}, got ${String(value)}.`,
        });
      }
    }
  }
  return problems;
}
