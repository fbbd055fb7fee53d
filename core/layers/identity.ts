/** Identity (PyTorch's Identity), the linear activation: what arrives leaves. */
import { defineActivation } from './activationLayer.ts';

export const identity = defineActivation({
  type: 'identity',
  title: 'Identity',
  keywords: ['linear', 'none', 'pass through'],
  summary: 'Passes everything on as it is: the linear activation, and a place holder where another layer will stand.',
  source: 'PyTorch torch.nn.Identity',
  params: {},
  apply: (_b, x) => x,
  describe: () => 'as it is',
});
