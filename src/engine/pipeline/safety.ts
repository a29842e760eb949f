import { blackened, blurred } from '../../core/image/unrecognisable';
import type { DrawnImage } from '../../core/image/pixels';
import type { Flagged } from '../../core/request/safety';
import type { NetworkUse, Networks } from '../model/network';
import type { JobPlan } from './plan';

/** An image that the safety checker has looked at. */
export interface CheckedImage {
  readonly drawn: DrawnImage;
  /** What was done to it. Absent: it is as it was drawn, and not flagged. */
  readonly flagged?: Flagged | undefined;
}

/**
 * Has the model's safety checker look at a finished image, as diffusers' pipelines do, and does with it what the request
 * says where it is flagged. Without a checker, the image stays as it is.
 * @throws EaselError see `Model.checkSafety`
 */
export async function checkImage(
  { model, request: { safetyChecker: choice } }: Pick<JobPlan, 'model' | 'request'>,
  networks: Networks,
  drawn: DrawnImage,
  use: NetworkUse,
): Promise<CheckedImage> {
  if (choice === 'off') return { drawn };
  const verdict = await model.checkSafety(networks, drawn, use);
  if (!verdict?.flagged) return { drawn };
  if (choice === 'warn') return { drawn, flagged: choice };
  // Without its opacity, too: that shows shapes.
  return { drawn: choice === 'black' ? blackened(drawn) : blurred(drawn), flagged: choice };
}
