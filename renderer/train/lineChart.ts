/**
 * Curves over epochs, drawn by Chart.js: no animation, one chart per frame, colours from the theme's tokens; points come
 * already thinned. The pointer's position is reported; the card around the chart writes the values.
 */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartDataset,
  type ChartOptions,
  type Plugin,
} from 'chart.js';
import { nearestPoint, type ChartLine, type ChartPoint } from './chartData.ts';
import { DrawQueue } from './drawQueue.ts';
import { formatValue } from './format.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

export interface ChartMarker {
  readonly x: number;
  readonly label: string;
  /** Where the label stands: away from where good curves run. */
  readonly atBottom?: boolean;
}

/** What the quantity cannot pass, and the end at which the axis always stands. */
export interface ChartBounds {
  readonly min: number;
  readonly max: number;
  readonly anchor: 'min' | 'max';
}

const unbounded: ChartBounds = { min: -Infinity, max: Infinity, anchor: 'min' };

export interface ChartContent {
  readonly lines: readonly ChartLine[];
  /** Right end of the x axis, in epochs. */
  readonly maxX: number;
  readonly logarithmic: boolean;
  readonly marker?: ChartMarker;
  /** Values the quantity cannot pass. */
  readonly bounds: ChartBounds;
  /** Where the x axis is not of epochs: what stands at its whole numbers. */
  formatX?(value: number): string;
  formatY(value: number): string;
}

export interface PointerPlace {
  /** In epochs. */
  readonly x: number;
  /** In pixels from the chart's left edge. */
  readonly left: number;
  readonly width: number;
}

const drawings = new DrawQueue<LineChart>((draw) => requestAnimationFrame(draw));

interface Dataset extends ChartDataset<'line', ChartPoint[]> {
  lineId: string;
}

export class LineChart {
  #chart: Chart<'line', ChartPoint[]>;
  #content: ChartContent;
  #hoverX: number | null = null;
  #canvas: HTMLCanvasElement;
  #observer: MutationObserver;
  /** Colours and font as read from the style sheet: reading costs a style computation, so they are kept until it changes. */
  #tokens = new Map<string, string>();
  #fontSize = 0;
  /** What the axes were last made for; making them anew costs Chart.js more than drawing. */
  #axes = '';

  constructor(canvas: HTMLCanvasElement, content: ChartContent, onPointer: (place: PointerPlace | null) => void) {
    this.#canvas = canvas;
    this.#content = content;
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        spanGaps: false,
        events: [],
        layout: { padding: { top: 6, right: 6 } },
        elements: { point: { radius: 0 }, line: { borderJoinStyle: 'round' } },
      },
      plugins: [this.#overlay()],
    });
    canvas.addEventListener('pointermove', (event) => this.#move(event, onPointer));
    canvas.addEventListener('pointerleave', () => this.#leave(onPointer));
    // The theme and the text size change colours and fonts; the chart takes the new ones at once.
    this.#observer = new MutationObserver(() => {
      this.#forgetLook();
      this.update(this.#content);
    });
    this.#observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style', 'class'] });
    this.#forgetLook();
    this.#draw();
  }

  /** Draws the new content in one of the next frames. */
  update(content: ChartContent): void {
    this.#content = content;
    drawings.put(this, () => this.#draw());
  }

  #forgetLook(): void {
    this.#tokens.clear();
    this.#axes = '';
    this.#fontSize = 0.82 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  #token(name: string): string {
    let value = this.#tokens.get(name);
    if (value === undefined) this.#tokens.set(name, (value = getComputedStyle(this.#canvas).getPropertyValue(name).trim()));
    return value;
  }

  #draw(): void {
    const content = this.#content;
    const datasets: Dataset[] = [];
    for (const line of content.lines) {
      const colour = this.#token(line.colour);
      if (line.faint !== undefined) datasets.push(dataset(`${line.id}/raw`, line.faint, `${colour}38`, 1, 4));
      const few = line.dots === true && line.points.length <= 60;
      datasets.push({
        ...dataset(line.id, line.points, colour, 2, line.dots === true ? 0 : 1),
        pointRadius: few ? 2.5 : 0,
        pointBackgroundColor: colour,
        pointBorderWidth: 0,
        borderDash: [...(line.dash ?? [])],
      });
    }
    this.#chart.data.datasets = datasets;
    const empty = content.lines.every((line) => line.points.length === 0);
    const axes = JSON.stringify([content.maxX, content.logarithmic, empty]);
    if (axes !== this.#axes) {
      this.#axes = axes;
      this.#chart.options.scales = this.#makeAxes(content, empty);
    }
    this.#chart.update('none');
  }

  /** The axes ask `#content` for what may change while they stay. */
  #makeAxes(content: ChartContent, empty: boolean): ChartOptions<'line'>['scales'] {
    const font = { family: this.#token('--mono'), size: this.#fontSize };
    const ticks = { color: this.#token('--faint'), font };
    const token = (name: string): string => this.#token(name);
    return {
      x: {
        type: 'linear',
        min: 0,
        max: content.maxX,
        grid: { display: false },
        border: { color: token('--line') },
        ticks: {
          ...ticks,
          maxRotation: 0,
          maxTicksLimit: 11,
          autoSkip: true,
          includeBounds: true,
          callback: (value) =>
            content.formatX !== undefined
              ? Number.isInteger(Number(value))
                ? content.formatX(Number(value))
                : ''
              : content.maxX >= 5
                ? Number.isInteger(Number(value))
                  ? String(value)
                  : ''
                : String(Number(Number(value).toFixed(2))),
        },
      },
      y: {
        type: content.logarithmic ? 'logarithmic' : 'linear',
        // Empty axes and bounds that no value can pass: nothing stands below 0 %, above 100 %.
        ...(empty && { min: content.logarithmic ? 0.1 : 0, max: 1 }),
        afterDataLimits: (scale) => {
          const room = content.logarithmic ? 0 : 0.04 * (scale.max - scale.min);
          // A linear axis starts at the quantity's own end (a loss of 0, an accuracy of 100 %): it does not jump while values come in.
          const fixed = content.logarithmic ? unbounded : this.#content.bounds;
          scale.min = Number.isFinite(fixed.min) && fixed.anchor === 'min' ? fixed.min : Math.max(scale.min - room, fixed.min);
          scale.max = Number.isFinite(fixed.max) && fixed.anchor === 'max' ? fixed.max : Math.min(scale.max + room, fixed.max);
        },
        grid: { color: token('--line'), drawTicks: false },
        border: { display: false },
        // Room for the longest label from the start, so that the plot does not move when numbers grow.
        afterFit: (scale) => {
          scale.width = Math.max(scale.width, 4.7 * font.size);
        },
        ticks: { ...ticks, padding: 8, maxTicksLimit: 6, callback: (value) => axisLabel(Number(value), this.#content) },
      },
    };
  }

  destroy(): void {
    drawings.drop(this);
    this.#observer.disconnect();
    this.#chart.destroy();
  }

  #move(event: PointerEvent, onPointer: (place: PointerPlace | null) => void): void {
    const area = this.#chart.chartArea;
    const bounds = this.#canvas.getBoundingClientRect();
    const left = event.clientX - bounds.left;
    if (area === undefined || left < area.left - 4 || left > area.right + 4) return this.#leave(onPointer);
    const x = this.#chart.scales.x?.getValueForPixel(left);
    if (x === undefined) return;
    this.#hoverX = Math.min(Math.max(x, 0), this.#content.maxX);
    onPointer({ x: this.#hoverX, left, width: bounds.width });
    this.#chart.draw();
  }

  #leave(onPointer: (place: PointerPlace | null) => void): void {
    if (this.#hoverX === null) return;
    this.#hoverX = null;
    onPointer(null);
    this.#chart.draw();
  }

  /** The best epoch's dashed line and, under the pointer, a hairline with a dot on every curve. */
  #overlay(): Plugin<'line'> {
    return {
      id: 'overlay',
      afterDatasetsDraw: (chart) => {
        const { ctx, chartArea: area, scales } = chart;
        const x = scales.x;
        const y = scales.y;
        if (x === undefined || y === undefined) return;
        const token = (name: string): string => this.#token(name);
        ctx.save();
        const { marker } = this.#content;
        if (marker !== undefined && marker.x <= this.#content.maxX) {
          const left = Math.round(x.getPixelForValue(marker.x)) + 0.5;
          vertical(ctx, left, area, token('--faint'), [3, 4]);
          ctx.font = `${this.#fontSize}px ${token('--mono')}`;
          ctx.fillStyle = token('--dim');
          const width = ctx.measureText(marker.label).width;
          ctx.textAlign = 'left';
          ctx.fillText(marker.label, besideMarker(left, width, area), marker.atBottom === true ? area.bottom - 7 : area.top + 12);
        }
        if (this.#hoverX !== null) {
          vertical(ctx, x.getPixelForValue(this.#hoverX), area, token('--line-strong') || token('--faint'), []);
          for (const line of this.#content.lines) {
            const point = nearestPoint(line.points, this.#hoverX);
            if (point === undefined || Number.isNaN(point.y) || beyond(line.points, this.#hoverX, this.#content.maxX)) continue;
            ctx.beginPath();
            ctx.arc(x.getPixelForValue(point.x), y.getPixelForValue(point.y), 4, 0, 2 * Math.PI);
            ctx.fillStyle = token(line.colour);
            ctx.strokeStyle = token('--panel');
            ctx.lineWidth = 2;
            ctx.fill();
            ctx.stroke();
          }
        }
        ctx.restore();
      },
    };
  }
}

/** A curve says nothing about places more than a fiftieth of the axis behind its end. */
export function beyond(points: readonly ChartPoint[], x: number, maxX: number): boolean {
  const last = points.at(-1);
  return last === undefined || x > last.x + Math.max(0.5, maxX / 50);
}

function dataset(lineId: string, points: readonly ChartPoint[], colour: string, width: number, order: number): Dataset {
  return { lineId, data: points as ChartPoint[], borderColor: colour, borderWidth: width, order, indexAxis: 'x' };
}

function axisLabel(value: number, content: ChartContent): string | null {
  // On a logarithmic axis only 1, 2 and 5 of each power of ten are written.
  if (content.logarithmic && !['1', '2', '5'].includes(value.toExponential().charAt(0))) return null;
  return content.formatY(value);
}

/** Where the marker's label begins: right of its line, else left of it, and never outside the plot. */
export function besideMarker(line: number, width: number, area: { readonly left: number; readonly right: number }): number {
  if (line + 6 + width < area.right) return line + 6;
  if (line - 6 - width > area.left) return line - 6 - width;
  return Math.max(area.left, area.right - width);
}

function vertical(
  ctx: CanvasRenderingContext2D,
  left: number,
  area: { top: number; bottom: number },
  colour: string,
  dash: number[],
): void {
  ctx.beginPath();
  ctx.setLineDash(dash);
  ctx.moveTo(left, area.top);
  ctx.lineTo(left, area.bottom);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Axis labels: shares as whole percents, other numbers as short as they can be. */
export function formatAxis(quantity: string, value: number): string {
  if (quantity === 'accuracy') return `${Number((value * 100).toFixed(1))} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return formatValue(value);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

/** Losses and errors are never negative, accuracies stay within 0 and 1, R² has no lower end. */
export function boundsOf(quantity: string): ChartBounds {
  if (quantity === 'accuracy') return { min: 0, max: 1, anchor: 'max' };
  if (quantity === 'r2') return { min: -Infinity, max: 1, anchor: 'max' };
  return { min: 0, max: Infinity, anchor: 'min' };
}
