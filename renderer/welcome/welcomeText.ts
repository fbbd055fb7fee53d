/** Every word of the first-start doors. */
export const welcomeText = {
  region: 'Start',
  title: 'What would you like to do?',
  subtitle: 'Everything happens on this machine. Nothing is uploaded.',
  firstTitle: 'Train a first network',
  firstBody: 'A small network learns to tell ten kinds of clothes apart from 20,000 pictures. Ready to train.',
  fileTitle: 'Use my own file',
  fileBody: 'A CSV file becomes a data set with a network made for it, a text one of characters: choose it here, or drop it anywhere.',
  opening: 'Opening …',
  recent: 'Continue with a network',
  layers: (count: number) => `${count} ${count === 1 ? 'layer' : 'layers'}`,
  samples: 'Open an example',
  families: { image: 'Images', generative: 'Drawing images', table: 'Tables', sequence: 'Text and time', graph: 'Graphs' },
  empty: 'Empty network',
  emptyBody: 'A blank canvas',
};
