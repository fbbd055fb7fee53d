/** Every word of the list of reference architectures. */
export const zooText = {
  title: 'Reference architectures',
  description: 'Each opens as a network to look into, change and measure. Parameters are counted, nothing is allocated.',
  close: 'Close the list',
  command: 'Open a reference architecture …',
  example: 'Reference architectures',
  exampleNote: 'LeNet-5 to Llama 3',
  search: 'Search by name, year or kind',
  nothing: (query: string) => `No architecture is called “${query}”.`,
  open: (title: string) => `Open ${title}`,
  columns: { model: 'Network', year: 'Year', layers: 'Layers', parameters: 'Parameters', published: 'Published' },
  families: { image: 'images', text: 'text', sequence: 'sequences', graph: 'graphs', generative: 'generative', table: 'tables' },
};
