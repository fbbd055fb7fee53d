/** What stands in the columns that scoring adds to a table, and what is said of all rows together. */
import { labelThreshold, type ScoreSchema } from './scoreSchema.ts';

export interface ScoreOutput {
  /** Header of the added columns; none of them is among `taken`. */
  readonly columns: readonly string[];
  /** The added cells of a row whose `units` numbers stand at `at`. */
  cells(values: Float32Array, at: number): string[];
  /** How often each class or label was predicted. */
  counts(): { readonly name: string; readonly count: number }[];
  /** Numbers predicted, over all rows so far. */
  range(): { readonly min: number; readonly mean: number; readonly max: number } | undefined;
}

export function createScoreOutput(schema: ScoreSchema, taken: readonly string[], perClass: boolean): ScoreOutput {
  const { answer, names, targetScale = { shift: 0, scale: 1 } } = schema;
  const counts = new Float64Array(names.length);
  let [rows, sum, min, max] = [0, 0, Infinity, -Infinity];
  const used = new Set(taken);
  const named = (wanted: string): string => {
    let name = wanted;
    for (let n = 2; used.has(name); n++) name = `${wanted} ${n}`;
    used.add(name);
    return name;
  };
  const single = answer === 'classes' ? ['prediction', 'probability'] : ['prediction'];
  const each = answer === 'labels' || (answer === 'classes' && perClass) ? names.map((name) => `probability ${name}`) : [];
  const probabilities = (values: Float32Array, at: number): string[] => each.map((_, k) => written(values[at + k]!));
  return {
    columns: [...single, ...each].map(named),
    cells(values, at) {
      rows++;
      if (answer === 'numbers') {
        const own = values[at]! * targetScale.scale + targetScale.shift;
        sum += own;
        min = Math.min(min, own);
        max = Math.max(max, own);
        return [written(own)];
      }
      if (answer === 'labels') {
        const said = names.filter((_, k) => values[at + k]! >= labelThreshold);
        names.forEach((_, k) => (counts[k]! += values[at + k]! >= labelThreshold ? 1 : 0));
        return [said.join('; '), ...probabilities(values, at)];
      }
      let best = 0;
      for (let k = 1; k < names.length; k++) if (values[at + k]! > values[at + best]!) best = k;
      counts[best]!++;
      return [names[best] ?? '', written(values[at + best]!), ...probabilities(values, at)];
    },
    counts: () => names.map((name, k) => ({ name, count: counts[k]! })),
    range: () => (answer === 'numbers' && rows > 0 ? { min, mean: sum / rows, max } : undefined),
  };
}

/** As many digits as a number of single precision has. */
function written(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : '';
}

/** A cell as it stands in a file with this delimiter. */
export function csvCell(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
