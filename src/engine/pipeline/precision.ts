import {
  deviceLabel,
  deviceProfile,
  PRECISIONS,
  type DeviceName,
  type Precision,
} from '../../core/devices';
import { EaselError } from '../../core/errors';
import {
  ASKED_FOR,
  exactReason,
  precisionByHalf,
  precisionByIntegers,
  type HalfTrial,
  type IntegerTrial,
  type PrecisionDecision,
} from '../../core/request/precision';
import type { GenerationRequest } from '../../core/request/request';
import { isSmall } from '../../core/request/speed';

export interface PrecisionNeeds {
  readonly asked: GenerationRequest['precision'];
  readonly device: DeviceName;
  /** The denoiser's weights; undefined where they are fixed in an exported graph. */
  readonly weightCount: number | undefined;
  /** Default: what the device's profile has. */
  readonly precisions?: readonly Precision[] | undefined;
  readonly tryIntegers: () => Promise<IntegerTrial>;
  readonly tryHalf: () => Promise<HalfTrial>;
  /** How often the job runs the denoiser. */
  readonly runs: number;
  /** Whether the denoiser's weights are there as bytes, or worth preparing now. */
  readonly hasBytes: () => Promise<boolean>;
}

/** What `auto` does for a job of one run whose weights were not prepared. */
const SOONER: PrecisionDecision = {
  precision: 'full',
  reason: 'one step is sooner done than the weights are prepared as bytes',
};

/**
 * Chooses how the networks of a job are computed.
 * @throws EaselError `unsupported-precision`, with what can be asked for instead
 */
export async function choosePrecision(needs: PrecisionNeeds): Promise<PrecisionDecision> {
  const { asked, weightCount, tryIntegers, tryHalf, runs, hasBytes } = needs;
  if (asked === 'full') return { precision: 'full', reason: ASKED_FOR };
  if (asked !== 'auto') {
    const why = await whyNot(asked, needs);
    if (why === undefined) return { precision: asked, reason: ASKED_FOR };
    const available = await possible(needs);
    throw new EaselError(
      'unsupported-precision',
      `The precision ${asked} cannot be used here: ${why}. Ask for ${available.join(' or ')}, or leave it out.`,
      { precision: asked, available },
    );
  }
  const reason = exactReason(weightCount);
  if (reason !== undefined) return { precision: 'full', reason };
  if (!precisionsOf(needs).includes('int8')) return precisionByHalf(await tryHalf());
  const decided = precisionByIntegers(await tryIntegers());
  // Preparing takes several times as long as a run. It is worth it from a few runs on.
  if (decided.precision !== 'full' && runs === 1 && !(await hasBytes())) return SOONER;
  return decided;
}

/** What the recipe says, so that other machines draw the same: only large models are computed in other ways. */
export function recordedPrecision(
  { precision }: PrecisionDecision,
  { weightCount }: { readonly weightCount: number | undefined },
): GenerationRequest['precision'] {
  return precision === 'full' && isSmall(weightCount ?? 0) ? 'auto' : precision;
}

/** Why a precision cannot be had; undefined where it can. */
async function whyNot(asked: Precision, needs: PrecisionNeeds): Promise<string | undefined> {
  const { device, weightCount } = needs;
  if (asked === 'full') return undefined;
  if (!precisionsOf(needs).includes(asked)) return `the ${deviceLabel(device)} does not have it`;
  if (weightCount === undefined)
    return 'the model consists of exported ONNX graphs, which are fixed';
  if (asked === 'half') {
    const { half, halfFault } = await needs.tryHalf();
    return half ? undefined : halfFault;
  }
  const { exact } = await needs.tryIntegers();
  return exact ? undefined : 'this processor does not multiply bytes exactly';
}

/** What can be asked for instead. */
async function possible(needs: PrecisionNeeds): Promise<readonly Precision[]> {
  const faults = await Promise.all(PRECISIONS.map((precision) => whyNot(precision, needs)));
  return PRECISIONS.filter((_, index) => faults[index] === undefined);
}

function precisionsOf({ device, precisions }: PrecisionNeeds): readonly Precision[] {
  return precisions ?? deviceProfile(device).precisions;
}
