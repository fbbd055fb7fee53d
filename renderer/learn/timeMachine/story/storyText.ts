/** The words of sharing a moment. */
export const storyText = {
  copy: 'Copy link to this moment',
  copied: 'The link is copied. It opens this moment in this library.',
  notCopied: 'The link could not be copied; here it is:',
  tooManySteps: (most: number) => `A link leads over at most ${most} steps of training; go back to an earlier one.`,
  replay: (step: number, total: number) => `Taking step ${step} of ${total} again …`,
  stopReplay: 'Stay here',
  stopped: (done: number, total: number, why: string) =>
    `This link leads over ${total} steps of training; step ${done + 1} could not be taken again: ${why}.`,
  wentElsewhere: 'something else was opened meanwhile',
  steppedMeanwhile: 'another step or change came in between',
  openAgain: 'Open the link again and wait until it has arrived.',
  goOn: (done: number) =>
    done === 0
      ? 'The time machine stands at its first step. Go on from here, or copy a new link.'
      : `The time machine stands behind step ${done}. Go on from here, or copy a new link.`,
  pasted: 'Open this link to a moment',
  svg: 'Save as picture (SVG)',
  png: 'Save as picture (PNG)',
  openCommand: 'Open a link to a moment …',
  openTitle: 'Open a link',
  openHint: 'A link that was copied in the time machine of this library.',
  link: 'Link',
  open: 'Open',
  close: 'Close',
  row: (row: number) => `row ${row}`,
  step: (step: string) => `step ${step}`,
  loss: (loss: string) => `loss ${loss}`,
  part: (rows: number, columns: number, shape: string) => `the first ${rows} × ${columns} of ${shape}`,
  planes: (shown: number, count: number) => `the first ${shown} of ${count} planes`,
  chosen: 'Chosen number',
  gradient: 'gradient',
};
