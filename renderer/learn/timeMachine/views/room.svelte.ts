/**
 * The room that a moment's views have, in pixels: they grow with the window. It is that beside the story of a chosen number,
 * whether one is chosen or not, so that a choice moves nothing under the pointer.
 */

/** What the title above and a story of the usual length below take. */
const [titleHeight, storyHeight, padding] = [64, 208, 32];

class Room {
  /** Of the part of the page that moments are shown in, its padding and a scroll bar included. */
  outerWidth = $state(858);
  /** Of that part and the story together. */
  outerHeight = $state(624);
  /** Of the whole page. */
  pageWidth = $state(1054);

  /** The story stands at the side, not below. */
  readonly storyIsBeside: boolean = $derived(this.pageWidth >= 1440);
  readonly width: number = $derived(Math.max(420, this.outerWidth - padding - 12));
  readonly height: number = $derived(Math.max(260, this.outerHeight - titleHeight - (this.storyIsBeside ? padding : storyHeight)));
}

export const room = new Room();

/** From `least` to `most`. */
export const within = (least: number, size: number, most: number): number => Math.max(least, Math.min(size, most));

/** What stands beside planes: the products of what is looked at. */
const tableWidth = 256;
const tableHeight = 216;

/**
 * The side of planes that stand in a row with `besides` pixels of something else: with the products at their side, or
 * above them where that makes the planes larger.
 */
export function planeRoom(count: number, besides: number, { width, height }: Pick<Room, 'width' | 'height'> = room): number {
  const share = (free: number) => (free - besides - 22 * count) / count;
  const under = height - 64;
  const side = Math.max(Math.min(share(width - tableWidth), under), Math.min(share(width), under - tableHeight));
  return within(120, side, 460);
}
