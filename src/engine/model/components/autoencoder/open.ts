import { parseTinyVaeConfig } from '../../../graph/tiny-vae-config';
import { parseVaeConfig } from '../../../graph/vae-config';
import type { ComponentKind } from '../../layouts/layout';
import type { Autoencoder } from './autoencoder';
import { KlAutoencoder } from './kl';
import { openOpacity, TinyAutoencoder } from './tiny';

/**
 * The autoencoder of a model, of either class.
 * @param heedsForceUpcast whether the family's pipelines heed `force_upcast` of its config: in float16 they compute
 *   the autoencoder in float32
 */
export const autoencoder = (heedsForceUpcast: boolean): ComponentKind<Autoencoder> => ({
  classes: ['AutoencoderKL', 'AutoencoderTiny'],
  read: async ({ className, config, where, openWeights, folder }) => {
    if (className === 'AutoencoderTiny') {
      const parsed = parseTinyVaeConfig(config, where);
      const opacity = folder === undefined ? undefined : await openOpacity(folder);
      return new TinyAutoencoder(parsed, await openWeights(), opacity);
    }
    const parsed = parseVaeConfig(config, where);
    const needsFloat32 = heedsForceUpcast && parsed.forceUpcast;
    return KlAutoencoder.fromWeights(parsed, await openWeights(), needsFloat32);
  },
  exported: (folder) => KlAutoencoder.fromExported(folder),
});
