import type { RgbImage } from '../../../../core/image/pixels';
import type { Feed, NetworkSession } from '../../../runtime/session';
import type { WeightPlace } from '../../../weights/source';
import type { Network } from '../../network';
import type { ImageProcessing } from './image-processor';
import type { SafetyVerdict } from './verdict';

/** A StableDiffusionSafetyChecker. The weights are not loaded yet. */
export interface SafetyChecker {
  readonly processing: ImageProcessing;
  /** Always as it is stored or in float32: a verdict must not depend on the precision of a job. */
  readonly network: Network;
  readonly memoryBytes: (place: WeightPlace) => number;
  /**
   * What the network says of an image.
   * @param pixels that its processor makes of the image, float32 [1, 3, side, side]
   */
  readonly judge: (
    session: NetworkSession,
    pixels: Feed,
    image: RgbImage,
  ) => Promise<SafetyVerdict>;
}

/** Why a safety checker that a model names cannot be run. */
export type NotChecked = 'missing' | 'other kind';
