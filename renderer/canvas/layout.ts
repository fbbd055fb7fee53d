/** Where nodes stand: size on the canvas, a free place for a new one, and the automatic arrangement. */
import { Graph, layout } from '@dagrejs/dagre';
import type { NetworkDocument, NodeId } from '../../core/graph/document.ts';

/** Canvas pixels at zoom 1. */
export const nodeWidth = 220;
export const nodeHeight = 54;
/** Between the tops of two nodes that follow each other; leaves room for the shape on the edge. */
export const rowGap = 100;
const columnGap = 48;
/** Beside a connection that passes layers by, so that it does not run behind them. */
const passingGap = 280;
/** With many more connections than nodes, gaps beside all of them would tear the drawing apart. */
const denseGap = 40;
/** What can be hit of a connection point, as in canvas.css; its middle lies on the layer's edge. */
export const handleSize = 26;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From top to bottom, edges crossing as little as possible; keeps the top left corner where it was. */
export function arrangeNodes(document: NetworkDocument): Map<NodeId, Point> {
  const graph = new Graph();
  const isDense = document.edges.length > 1.4 * document.nodes.length;
  graph.setGraph({ rankdir: 'TB', nodesep: columnGap, edgesep: isDense ? denseGap : passingGap, ranksep: rowGap - nodeHeight });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of document.nodes) graph.setNode(node.id, { width: nodeWidth, height: nodeHeight });
  for (const edge of document.edges) if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.setEdge(edge.from, edge.to);
  layout(graph);

  const corners = document.nodes.map((node) => {
    const { x = 0, y = 0 } = graph.node(node.id) as Partial<Point>;
    return { id: node.id, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  });
  const left = (points: readonly Point[]) => Math.min(...points.map((point) => point.x));
  const top = (points: readonly Point[]) => Math.min(...points.map((point) => point.y));
  const old = document.nodes.map((node) => node.position);
  const shift = { x: left(old) - left(corners), y: top(old) - top(corners) };
  return new Map(corners.map(({ id, x, y }) => [id, { x: Math.round(x + shift.x), y: Math.round(y + shift.y) }]));
}

/** The wanted place, moved to the right until no node stands there. */
export function freePlace(document: NetworkDocument, wanted: Point): Point {
  let { x } = wanted;
  const isTaken = () =>
    document.nodes.some(({ position }) => Math.abs(position.x - x) < nodeWidth + 10 && Math.abs(position.y - wanted.y) < nodeHeight + 6);
  while (isTaken()) x += nodeWidth + columnGap;
  return { x, y: wanted.y };
}
