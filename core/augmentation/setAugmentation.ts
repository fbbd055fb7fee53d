/** One strength changed; what is off does not stand in a config. */
import type { AugmentationConfig } from './index.ts';

export function setAugmentation(before: AugmentationConfig | undefined, name: string, strength: number): AugmentationConfig {
  const { [name]: _replaced, ...others } = { ...before } as Record<string, number>;
  return strength === 0 ? others : { ...others, [name]: strength };
}
