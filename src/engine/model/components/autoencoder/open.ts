import { parseTinyVaeConfig } from '../../../graph/tiny-vae-config';
import { parseVaeConfig } from '../../../graph/vae-config';
import type { ComponentKind } from '../../layouts/layout';
import type { Autoencoder } from './autoencoder';
import { KlAutoencoder } from './kl';
import { openOpacity, TinyAutoencoder } from './tiny';

/** The autoencoder of a model, of either class. */
export const AUTOENCODER: ComponentKind<Autoencoder> = {
  classes: ['AutoencoderKL', 'AutoencoderTiny'],
  read: async ({ className, config, where, openWeights, folder }) => {
    if (className === 'AutoencoderTiny') {
      const parsed = parseTinyVaeConfig(config, where);
      const opacity = folder === undefined ? undefined : await openOpacity(folder);
      return new TinyAutoencoder(parsed, await openWeights(), opacity);
    }
    return KlAutoencoder.fromWeights(parseVaeConfig(config, where), await openWeights());
  },
  exported: (folder) => KlAutoencoder.fromExported(folder),
};
