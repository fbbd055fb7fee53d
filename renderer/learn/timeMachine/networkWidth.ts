/** How wide the network beside a moment is drawn, before anyone has chosen a width: side by side branches need more. */
import type { NetworkDocument } from '../../../core/graph/document.ts';
import { nodeHeight, nodeWidth } from '../../canvas/layout.ts';

const least = 208;
/** Layers larger than that gain nothing beside a moment. */
const mostZoom = 0.8;
/** What a fitted network leaves free. */
const filled = 0.88;

interface Sizes {
  readonly pageWidth: number;
  readonly outerHeight: number;
}

/** As wide as the network is once its height fits, and not more than a good quarter of the page. */
export function networkWidthOf(document: NetworkDocument | undefined, { pageWidth, outerHeight }: Sizes): number {
  const positions = document?.nodes.map(({ position }) => position) ?? [];
  if (positions.length === 0) return least;
  const span = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const width = span(positions.map(({ x }) => x)) + nodeWidth;
  const height = span(positions.map(({ y }) => y)) + nodeHeight;
  const zoom = Math.min(mostZoom, (filled * outerHeight) / height);
  return Math.round(Math.max(least, Math.min((width * zoom) / filled, 0.28 * pageWidth)));
}
