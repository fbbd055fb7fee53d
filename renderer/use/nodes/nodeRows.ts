/** Nodes of a graph as rows: true and predicted class, how sure; filtered; and the neighbours of one. */
import type { NodeAnswers } from '../../../electron/contract/calls.ts';

export interface NodeFilter {
  readonly onlyWrong: boolean;
  /** Part code, or undefined for all. */
  readonly part?: number;
}

export const isWrong = ({ truth, predicted }: NodeAnswers, node: number): boolean => truth[node]! >= 0 && truth[node] !== predicted[node];

export function nodesShown(answers: NodeAnswers, { onlyWrong, part }: NodeFilter): number[] {
  return Array.from(answers.predicted.keys()).filter(
    (node) => (!onlyWrong || isWrong(answers, node)) && (part === undefined || answers.part[node] === part),
  );
}

export function probabilitiesOf({ probabilities, classNames }: NodeAnswers, node: number): number[] {
  return [...probabilities.subarray(node * classNames.length, (node + 1) * classNames.length)];
}

/** Each once, in order; an edge counts in both directions, a loop not at all. */
export function neighboursOf({ edges }: NodeAnswers, node: number): number[] {
  const found = new Set<number>();
  for (let e = 0; e < edges.length; e += 2) {
    if (edges[e] === node) found.add(edges[e + 1]!);
    else if (edges[e + 1] === node) found.add(edges[e]!);
  }
  found.delete(node);
  return [...found].sort((a, b) => a - b);
}
