/** How late after a frame began it is still early in it, and how often a better one is waited for. */
const early = 6;
const mostTries = 3;

/**
 * Calls `write` when a frame has just been drawn and the next has not begun: what it changes is laid out and painted in the
 * next one, so that no frame has both the script and the drawing. A page out of sight has no frames: there it is called at once.
 * @returns takes it back
 */
export function betweenFrames(write: () => void): () => void {
  if (document.hidden) {
    write();
    return () => undefined;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  const look = (began: number): void => {
    // Called at the beginning of a frame, a task of its own comes behind its painting.
    if (performance.now() - began < early || ++tries === mostTries) timer = setTimeout(write);
    else frame = requestAnimationFrame(look);
  };
  let frame = requestAnimationFrame(look);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
