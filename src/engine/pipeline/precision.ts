import { deviceLabel, deviceProfile, type DeviceName, type Precision } from '../../core/devices';
import { EaselError } from '../../core/errors';
import {
  ASKED_FOR,
  exactReason,
  precisionByTrial,
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
  readonly tryIntegers: () => Promise<IntegerTrial>;
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
  const { asked, device, weightCount, tryIntegers, runs, hasBytes } = needs;
  if (asked === 'full') return { precision: 'full', reason: ASKED_FOR };
  if (asked !== 'auto') {
    const why = await whyNot(asked, needs);
    if (why === undefined) return { precision: asked, reason: ASKED_FOR };
    const available = why.available.join(' or ');
    throw new EaselError(
      'unsupported-precision',
      `The precision ${asked} cannot be used here: ${why.message}. Ask for ${available}, or leave it out.`,
      { precision: asked, available: why.available },
    );
  }
  const reason = exactReason(device, weightCount);
  if (reason !== undefined) return { precision: 'full', reason };
  const decided = precisionByTrial(await tryIntegers());
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

async function whyNot(
  asked: Precision,
  { device, weightCount, tryIntegers }: PrecisionNeeds,
): Promise<{ readonly message: string; readonly available: readonly Precision[] } | undefined> {
  const { precisions } = deviceProfile(device);
  if (!precisions.includes(asked)) {
    return { message: `the ${deviceLabel(device)} does not have it`, available: precisions };
  }
  if (asked !== 'int8') return undefined;
  const available = precisions.filter((precision) => precision !== 'int8');
  if (weightCount === undefined) {
    return { message: 'the model consists of exported ONNX graphs, which are fixed', available };
  }
  if ((await tryIntegers()).exact) return undefined;
  return { message: 'this processor does not multiply bytes exactly', available };
}
