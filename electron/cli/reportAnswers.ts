/** A network's answers in a few lines for people. */
import type { Forecast, NodeAnswers, UseAnswer } from '../contract/calls.ts';
import { formatNumber } from './table.ts';

/** Classes shown of one answer. */
const shownClasses = 3;

export function describeAnswer(name: string, answer: UseAnswer): string[] {
  switch (answer.kind) {
    case 'classes': {
      const order = answer.classNames.map((_, code) => code).sort((a, z) => answer.probabilities[z]! - answer.probabilities[a]!);
      const likeliest = order.slice(0, shownClasses).map((code) => `${answer.classNames[code]} ${percent(answer.probabilities[code]!)}`);
      return [`${name}: ${likeliest.join(', ')}${truth(answer.truth, answer.predicted)}`];
    }
    case 'labels': {
      const labels = answer.names.map((label, k) => `${label} ${percent(answer.probabilities[k]!)}`);
      return [`${name}: ${labels.join(', ')}`];
    }
    case 'number': {
      const unit = answer.unit === undefined ? '' : ` ${answer.unit}`;
      return [
        `${name}: ${formatNumber(answer.value)}${unit}${answer.truth === undefined ? '' : ` (true: ${formatNumber(answer.truth)}${unit})`}`,
      ];
    }
    case 'steps':
      return [`${name}: ${answer.predicted.join(' ')}`, ...(answer.truth === undefined ? [] : [`  true: ${answer.truth.join(' ')}`])];
    case 'values':
      return [
        `${name}: mean square error ${formatNumber(answer.error)}`,
        ...(answer.fields ?? []).map((field) => `  ${field.name}: ${cell(field.original)} → ${cell(field.output)}`),
      ];
    default:
      return answer satisfies never;
  }
}

export function describeForecast({ column, unit, row, values, actual }: Forecast): string[] {
  return [
    `${column}${unit === undefined ? '' : ` (${unit})`} from row ${row}:`,
    ...values.map((value, i) => {
      const real = actual[i];
      return `  ${row + i}: ${formatNumber(value)}${typeof real === 'number' ? ` (true: ${formatNumber(real)})` : ''}`;
    }),
  ];
}

/** @param rows the asked nodes; none: all */
export function describeNodes({ classNames, probabilities, predicted, truth: known }: NodeAnswers, rows: readonly number[]) {
  const asked = rows.length > 0 ? rows.filter((row) => row < predicted.length) : Array.from(predicted, (_, node) => node);
  const nodes = asked.map((node) => ({
    node,
    predicted: classNames[predicted[node]!] ?? '',
    probabilities: [...probabilities.subarray(node * classNames.length, (node + 1) * classNames.length)],
    ...(known[node]! >= 0 ? { truth: classNames[known[node]!] } : {}),
  }));
  return {
    lines: nodes.map((node) => {
      const sure = Math.max(...node.probabilities);
      return `node ${node.node}: ${node.predicted} ${percent(sure)}${truth(node.truth, node.predicted)}`;
    }),
    result: { classNames, nodes },
  };
}

function truth(known: string | undefined, predicted: string): string {
  return known === undefined ? '' : known === predicted ? ' (right)' : ` (true: ${known})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function cell(value: number | string | null): string {
  return value === null ? 'none' : typeof value === 'number' ? formatNumber(value) : value;
}
