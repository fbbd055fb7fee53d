/** The words of Learn's frame; every page keeps its own beside it. */
export const learnText = {
  pages: 'Learn',
  groups: { network: 'Your network', benches: 'Benches' },
  failed: 'This page could not be loaded.',
};
